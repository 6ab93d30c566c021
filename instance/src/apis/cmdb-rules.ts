import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import type { Row } from "../store/values";
import { text } from "./rows";
import { fixedId } from "../ids/sys-id";

/** One way to recognise a configuration item: all these attributes are equal, in its own table or in a lookup table. */
export interface Identifier {
  attributes: string[];
  order: number;
  /** A table whose records point to the item by `cmdb_ci`; without it the attributes are the item's own. */
  lookup?: string;
}

export interface IdentificationRule {
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
      { attributes: ["serial_number", "serial_number_type"], order: 100, lookup: "cmdb_serial_number" },
      { attributes: ["serial_number"], order: 200 },
      { attributes: ["name"], order: 300 },
      { attributes: ["name", "mac_address"], order: 400, lookup: "cmdb_ci_network_adapter" },
    ],
  },
  {
    name: "Application Rule",
    appliesTo: "cmdb_ci_appl",
    identifiers: [{ attributes: ["name"], order: 100 }],
  },
];

/** Identifies what has no rule of its own. */
const generalRule: IdentificationRule = {
  name: "Configuration Item Rule",
  appliesTo: "cmdb_ci",
  identifiers: [{ attributes: ["name"], order: 100 }],
};

/** The rule of the nearest class in the lineage. */
export function identificationRule(table: Table): IdentificationRule {
  for (const name of table.lineage) {
    const rule = rules.find((candidate) => candidate.appliesTo === name);
    if (rule) return rule;
  }
  return generalRule;
}

export function identifierId(rule: IdentificationRule, identifier: Identifier): string {
  return fixedId("cmdb_identifier_entry", rule.name, identifier.lookup ?? "", ...identifier.attributes);
}

/**
 * The values that a data source may write to an item that exists. Where reconciliation definitions name an attribute, only the
 * sources that they name may write it, and none of them what a source of higher priority (lower order) wrote last.
 */
export function authorised(
  instance: Instance,
  table: Table,
  existing: Row,
  values: Record<string, unknown>,
  source: string,
): Record<string, unknown> {
  const definitions = instance.store
    .all("SELECT * FROM cmdb_reconciliation_definition WHERE active = 1")
    .filter((row) => table.lineage.includes(text(row, "applies_to")));
  const last = text(existing, "discovery_source");
  const may = (attribute: string): boolean => {
    const about = definitions.filter((row) => {
      const listed = text(row, "attributes").split(",").filter(Boolean);
      return listed.length === 0 || listed.includes(attribute);
    });
    const order = (name: string): number | undefined => {
      const orders = about
        .filter((row) => text(row, "discovery_source") === name)
        .map((row) => Number(row.order ?? 100));
      return orders.length === 0 ? undefined : Math.min(...orders);
    };
    if (about.length === 0) return true;
    const mine = order(source);
    return mine !== undefined && (last === source || mine <= (order(last) ?? mine));
  };
  const kept = Object.entries(values).filter(([name]) => name !== "discovery_source" && may(name));
  // A source that was turned away somewhere is not noted as the last one, so that the better one keeps its place.
  const whole = kept.length === Object.keys(values).filter((name) => name !== "discovery_source").length;
  return { ...Object.fromEntries(kept), ...(whole ? { discovery_source: source } : {}) };
}
