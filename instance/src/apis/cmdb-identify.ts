import type { Instance, Session } from "../core";
import type { Table } from "../dictionary/model";
import { ApiError } from "../http/errors";
import { readInput } from "../records/input";
import { insertRecord, updateRecord } from "../records/write";
import { fixedId } from "../random";
import type { Row } from "../store/values";
import { text } from "./rows";

/** One way to recognise a configuration item: all these attributes are equal. */
interface Identifier {
  attributes: string[];
  order: number;
}

interface IdentificationRule {
  name: string;
  /** The class that the rule is for, with everything that extends it. */
  appliesTo: string;
  identifiers: Identifier[];
}

const rules: IdentificationRule[] = [
  {
    name: "Hardware Rule",
    appliesTo: "cmdb_ci_hardware",
    identifiers: [
      { attributes: ["serial_number"], order: 200 },
      { attributes: ["name"], order: 300 },
    ],
  },
  {
    name: "Application Rule",
    appliesTo: "cmdb_ci_appl",
    identifiers: [{ attributes: ["name"], order: 100 }],
  },
  {
    name: "Configuration Item Rule",
    appliesTo: "cmdb_ci",
    identifiers: [{ attributes: ["name"], order: 100 }],
  },
];

/** The rule of the nearest class in the lineage. */
export function identificationRule(table: Table): IdentificationRule {
  for (const name of table.lineage) {
    const rule = rules.find((candidate) => candidate.appliesTo === name);
    if (rule) return rule;
  }
  return rules.at(-1)!;
}

export function identifierId(rule: IdentificationRule, identifier: Identifier): string {
  return fixedId("cmdb_identifier_entry", rule.name, ...identifier.attributes);
}

export type Operation = "INSERT" | "UPDATE" | "NO_CHANGE" | "UPDATE_WITH_UPGRADE";

/** What the identification engine says of one item of a payload. */
export interface Verdict {
  className: string;
  operation?: Operation;
  sysId: string;
  identifierEntrySysId: string;
  identificationAttempts: Record<string, unknown>[];
  errors?: { error: string; message: string }[];
  warnings?: { error: string; message: string }[];
  errorCount: number;
  warningCount: number;
  markers: unknown[];
  inputIndices: number[];
  mergedPayloadIds: unknown[];
}

function verdict(className: string, index: number): Verdict {
  return {
    className,
    sysId: "Unknown",
    identifierEntrySysId: "Unknown",
    identificationAttempts: [],
    errorCount: 0,
    warningCount: 0,
    markers: [],
    inputIndices: [index],
    mergedPayloadIds: [],
  };
}

function failed(result: Verdict, error: string, message: string): Verdict {
  return {
    ...result,
    errors: [...(result.errors ?? []), { error, message }],
    errorCount: result.errorCount + 1,
  };
}

/** Whether the data source is a choice of cmdb_ci.discovery_source. */
export function knownSource(instance: Instance, source: string): boolean {
  const choices = instance.choices.list(instance.dictionary.get("cmdb_ci")!, "discovery_source");
  return choices === undefined || [...choices.byText.values()].includes(source);
}

export function invalidSource(className: string, index: number, source: string): Verdict {
  return failed(
    verdict(className, index),
    "INVALID_INPUT_DATA",
    `In payload invalid data source [${source}] exist. You need to provide a valid choice value from field [discovery_source] in table [cmdb_ci]`,
  );
}

export interface Item {
  className: string;
  values: Record<string, unknown>;
  /** Says what would be done, and does nothing. */
  dryRun?: boolean;
  source: string;
}

/** Recognises an item by the rule of its class, and inserts or updates it. A better-known class takes the record over. */
export function identifyItem(instance: Instance, session: Session, index: number, item: Item): Verdict {
  const { className, values } = item;
  const result = verdict(className, index);
  const table = instance.dictionary.get(className);
  if (!table?.lineage.includes("cmdb_ci"))
    return failed(result, "INVALID_INPUT_DATA", `In payload no such class [${className}] exists in CMDB`);
  const rule = identificationRule(table);
  const root = instance.dictionary.get(rule.appliesTo)!;
  let found: Row[] = [];
  for (const identifier of rule.identifiers) {
    const wanted = identifier.attributes.map((name) => values[name]);
    const skipped = wanted.some((value) => value === undefined || value === null || value === "");
    if (!skipped) found = matching(instance, root, identifier.attributes, wanted.map(String));
    result.identificationAttempts.push({
      attributes: identifier.attributes,
      identifierName: rule.name,
      attemptResult: skipped
        ? "SKIPPED"
        : found.length === 0
          ? "NO_MATCH"
          : found.length === 1
            ? "MATCHED"
            : "MULTI_MATCH",
      searchOnTable: rule.appliesTo,
      hybridEntryCiAttributes: [],
    });
    if (found.length > 0) {
      result.identifierEntrySysId = identifierId(rule, identifier);
      break;
    }
  }
  if (found.length > 1)
    return failed(
      result,
      "MULTIPLE_DUPLICATE_RECORDS",
      `Found duplicate records in table [${rule.appliesTo}]`,
    );
  if (
    found.length === 0 &&
    result.identificationAttempts.every(({ attemptResult }) => attemptResult === "SKIPPED")
  )
    return failed(
      result,
      "MISSING_MATCHING_ATTRIBUTES",
      `In payload missing minimum set of input values for criterion (matching) attributes from identify rule for table [${rule.appliesTo}]. Add these input values in payload item`,
    );
  return write(
    instance,
    session,
    table,
    { ...item, values: { discovery_source: item.source, ...values } },
    found[0],
    result,
  );
}

function matching(instance: Instance, root: Table, attributes: string[], wanted: string[]): Row[] {
  const where = attributes.map((name) => `"${name}" = ?`).join(" AND ");
  return instance.store
    .all(`SELECT * FROM "${root.storage}" WHERE ${where} LIMIT 20`, wanted)
    .filter((row) => instance.store.belongs(root, row));
}

function write(
  instance: Instance,
  session: Session,
  table: Table,
  { values, dryRun }: Item,
  existing: Row | undefined,
  result: Verdict,
): Verdict {
  const old = existing && instance.dictionary.get(text(existing, "sys_class_name"));
  // Identification may make a computer of a hardware item, never the other way round.
  const upgrade = old !== undefined && old.name !== table.name && table.lineage.includes(old.name);
  const operation: Operation = !existing ? "INSERT" : upgrade ? "UPDATE_WITH_UPGRADE" : "UPDATE";
  if (dryRun) return { ...result, operation, sysId: existing ? text(existing, "sys_id") : "Unknown" };
  try {
    // Access was asked for the class as a whole.
    const writer: Session = { ...session, user: { ...session.user, admin: true } };
    const given = readInput(instance, writer, table, values, false);
    given.values.delete("sys_class_name");
    if (!existing) {
      const row = insertRecord(instance, session, table, given);
      return { ...result, operation, sysId: text(row, "sys_id") };
    }
    if (upgrade) given.values.set("sys_class_name", table.name);
    const row = updateRecord(instance, session, old ?? table, text(existing, "sys_id"), given);
    const same = row.sys_mod_count === existing.sys_mod_count;
    return { ...result, operation: same ? "NO_CHANGE" : operation, sysId: text(existing, "sys_id") };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return failed(result, "INSERT_NOT_ALLOWED_FOR_SOURCE", error.detail ?? error.message);
  }
}
