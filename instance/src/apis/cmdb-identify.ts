import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { ApiError } from "../core/errors";
import { readInput } from "../records/input";
import { insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import {
  findByLookup,
  findByOrigin,
  keepOrigin,
  pointer,
  writeSubItem,
  type Origin,
  type SubItem,
} from "./cmdb-lookups";
import { authorised, identificationRule, identifierId, type IdentificationRule } from "./cmdb-rules";
import { known, text } from "./rows";
import type { Session } from "../core/session";

type Operation =
  "INSERT" | "UPDATE" | "NO_CHANGE" | "UPDATE_WITH_UPGRADE" | "UPDATE_WITH_DOWNGRADE" | "UPDATE_WITH_SWITCH";

/** What the identification engine says of one item of a payload. */
export interface Verdict {
  className: string;
  operation?: Operation;
  sysId: string;
  identifierEntrySysId: string;
  /** Ids of the lookup records that were there already; null for the others. Only with lookup or related records. */
  relatedSysIds?: (string | null)[];
  relatedItems?: Record<string, unknown>[];
  additionalRelatedItems?: unknown[];
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
  const choices = instance.choices.list(instance.dictionary.known("cmdb_ci"), "discovery_source");
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
  /** Records that point to the item: those of `lookup` help to recognise it, those of `related` do not. */
  subItems?: SubItem[];
  origin?: Origin;
  /** `updateWithoutUpgrade`, `updateWithoutDowngrade`, `updateWithoutSwitch`: keep the class of what is there. */
  settings?: Record<string, unknown>;
}

/** Recognises an item by its source's key or by the rule of its class, and inserts or updates it with what points to it. */
export function identifyItem(instance: Instance, session: Session, index: number, item: Item): Verdict {
  const { className } = item;
  const result = verdict(className, index);
  const table = instance.dictionary.get(className);
  if (!table?.lineage.includes("cmdb_ci"))
    return failed(result, "INVALID_INPUT_DATA", `In payload no such class [${className}] exists in CMDB`);
  const wrong = item.subItems?.find((sub) => !pointerTo(instance, sub, table));
  if (wrong)
    return failed(
      result,
      "INVALID_INPUT_DATA",
      `In payload no such ${wrong.kind} class [${wrong.className}] exists for [${className}]`,
    );
  const rule = identificationRule(table);
  const root = instance.dictionary.known(rule.appliesTo);
  const knownAs = item.origin && findByOrigin(instance, item.origin);
  const byKey = knownAs === undefined ? undefined : instance.store.byId(root, knownAs);
  const found = byKey ? [byKey] : recognise(instance, rule, root, item, result);
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
  return write(instance, session, table, item, found[0], result);
}

/** Tries the identifiers of a rule in their order, and notes each attempt. */
function recognise(
  instance: Instance,
  rule: IdentificationRule,
  root: Table,
  { values, subItems = [] }: Item,
  result: Verdict,
): Row[] {
  for (const identifier of rule.identifiers) {
    const { attributes, lookup } = identifier;
    const holds = (from: Record<string, unknown>): boolean =>
      attributes.every((name) => from[name] !== undefined && from[name] !== null && from[name] !== "");
    const lookups = subItems.filter(
      (sub) => sub.kind === "lookup" && sub.className === lookup && holds(sub.values),
    );
    const skipped = lookup === undefined ? !holds(values) : lookups.length === 0;
    let found: Row[] = [];
    if (!skipped)
      found =
        lookup === undefined
          ? matching(
              instance,
              root,
              attributes,
              attributes.map((name) => String(values[name])),
            )
          : findByLookup(instance, instance.dictionary.known(lookup), attributes, lookups)
              .map((id) => instance.store.byId(root, id))
              .filter((row) => row !== undefined);
    result.identificationAttempts.push({
      attributes,
      identifierName: rule.name,
      attemptResult: skipped
        ? "SKIPPED"
        : found.length === 0
          ? "NO_MATCH"
          : found.length === 1
            ? "MATCHED"
            : "MULTI_MATCH",
      searchOnTable: lookup ?? rule.appliesTo,
      hybridEntryCiAttributes: [],
    });
    if (found.length > 0) {
      result.identifierEntrySysId = identifierId(rule, identifier);
      return found;
    }
  }
  return [];
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
  item: Item,
  existing: Row | undefined,
  result: Verdict,
): Verdict {
  const old = existing && instance.dictionary.get(text(existing, "sys_class_name"));
  const operation = operationFor(table, old, item.settings ?? {});
  if (item.dryRun) return { ...result, operation, sysId: existing ? text(existing, "sys_id") : "Unknown" };
  // Access was asked for the class as a whole.
  const writer: Session = { ...session, user: { ...session.user, admin: true } };
  try {
    const values = existing
      ? authorised(instance, old ?? table, existing, item.values, item.source)
      : { discovery_source: item.source, ...item.values };
    const given = readInput(instance, writer, table, values, false);
    given.values.delete("sys_class_name");
    if (operation.startsWith("UPDATE_WITH")) given.values.set("sys_class_name", table.name);
    const row = existing
      ? updateRecord(instance, session, known(instance, "cmdb_ci"), text(existing, "sys_id"), given)
      : insertRecord(instance, session, table, given);
    const sysId = text(row, "sys_id");
    const same = existing !== undefined && row.sys_mod_count === existing.sys_mod_count;
    if (item.origin) keepOrigin(instance, writer, item.origin, { table: table.name, sysId });
    const done: Verdict = { ...result, operation: same ? "NO_CHANGE" : operation, sysId };
    return item.subItems?.length ? { ...done, ...writeSubItems(instance, writer, table, item, done) } : done;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return failed(result, "INSERT_NOT_ALLOWED_FOR_SOURCE", error.detail ?? error.message);
  }
}

/** The class of what is there changes with the payload's, unless the settings of the item forbid it. */
function operationFor(table: Table, old: Table | undefined, settings: Record<string, unknown>): Operation {
  if (!old) return "INSERT";
  if (old.name === table.name) return "UPDATE";
  const [operation, setting] = table.lineage.includes(old.name)
    ? (["UPDATE_WITH_UPGRADE", "updateWithoutUpgrade"] as const)
    : old.lineage.includes(table.name)
      ? (["UPDATE_WITH_DOWNGRADE", "updateWithoutDowngrade"] as const)
      : (["UPDATE_WITH_SWITCH", "updateWithoutSwitch"] as const);
  return settings[setting] === true ? "UPDATE" : operation;
}

function pointerTo(
  instance: Instance,
  sub: SubItem,
  item: Table,
): { table: Table; column: string } | undefined {
  const table = instance.dictionary.get(sub.className);
  const column = table && pointer(instance, table, item);
  return table && column ? { table, column } : undefined;
}

function writeSubItems(
  instance: Instance,
  session: Session,
  table: Table,
  { subItems = [] }: Item,
  { sysId, inputIndices }: Verdict,
): Pick<Verdict, "relatedSysIds" | "relatedItems" | "additionalRelatedItems"> {
  const written = subItems.map((sub) => {
    const to = pointerTo(instance, sub, table);
    return { sub, there: to && writeSubItem(instance, session, to.table, to.column, sysId, sub) };
  });
  return {
    relatedSysIds: written.filter(({ sub }) => sub.kind === "lookup").map(({ there }) => there ?? null),
    relatedItems: written.map(({ sub, there }) => ({
      markers: [],
      inputIndices: [{ mainIndex: inputIndices[0], subIndex: sub.index }],
      mergedPayloadIds: [],
      className: sub.className,
      ...(there ? { sysId: there } : {}),
    })),
    additionalRelatedItems: [],
  };
}
