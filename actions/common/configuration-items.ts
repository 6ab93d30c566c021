import {
  assertPlainValue,
  formatQuery,
  isServiceNowError,
  type Condition,
  type List,
  type ServiceNow,
} from "../../common";
import { identifyReconcile, type IdentifyResult } from "../../common/apis/cmdb/cmdb";
import { fieldsOr, optionalText, plainValue, wrongInput } from "./input";
import { resolveReference } from "./resolve";

const FIELDS = [
  "sys_id",
  "name",
  "sys_class_name",
  "serial_number",
  "asset_tag",
  "ip_address",
  "fqdn",
  "operational_status",
  "install_status",
  "assigned_to",
  "support_group",
  "sys_updated_on",
] as const;

const SEARCHED = ["name", "serial_number", "asset_tag", "ip_address", "fqdn"];

/** Items in which every word occurs somewhere, of a class or its subclasses, by name. */
export async function searchConfigurationItems(
  client: ServiceNow,
  search: {
    words?: string | undefined;
    className?: string | undefined;
    assignedTo?: string | undefined;
    max: number;
    fields?: unknown;
  },
): Promise<List<Record<string, unknown>>> {
  const className = optionalText(search.className, "Class");
  const words = (optionalText(search.words, "Search Value") ?? "").split(/\s+/).filter(Boolean);
  const clauses: Condition[][] = words.map((value) =>
    SEARCHED.map((field) => ({ field, operator: "LIKE" as const, value: assertPlainValue(field, value) })),
  );
  if (className) {
    const value = assertPlainValue("Class", className);
    clauses.push([{ field: "sys_class_name", operator: "INSTANCEOF", value }]);
  }
  if (search.assignedTo) clauses.push([{ field: "assigned_to", operator: "=", value: search.assignedTo }]);
  if (clauses.length === 0) throw wrongInput("Give Search Value, Class or Assigned To.");
  const list = await client.table("cmdb_ci").list({
    query: formatQuery({ groups: [clauses], order: [] }),
    fields: fieldsOr(search.fields, FIELDS),
    referenceLinks: true,
    orderBy: ["name"],
    max: search.max,
  });
  if (className && list.rows.length === 0) await requireClass(client, className);
  return list;
}

/** Stops where a class does not exist: a search for its items finds none without a word. */
async function requireClass(client: ServiceNow, className: string): Promise<void> {
  try {
    await client.table(className).page({ limit: 1, fields: ["sys_id"], noCount: true });
  } catch (error) {
    const { status, kind } = isServiceNowError(error) ? error : {};
    if (status === 403) return;
    if (kind === "usage" || status === 400 || status === 404)
      throw wrongInput(
        `Class: the instance has no class "${className}". Give its name and not its label, such as cmdb_ci_server.`,
      );
    throw error;
  }
}

/** An item by name or sys_id, with its class, which the CMDB's own API asks for. */
export async function findItem(
  client: ServiceNow,
  input: unknown,
): Promise<{ sysId: string; className: string }> {
  const sysId = await resolveReference(client, "configurationItem", input, "Configuration Item");
  const row = await client.table("cmdb_ci").get(sysId, { fields: ["sys_id", "sys_class_name"] });
  return { sysId, className: row.sys_class_name || "cmdb_ci" };
}

/** Sends one item through identification. Throws with the CMDB's own words when it refuses the item. */
export async function identifyOne(
  client: ServiceNow,
  item: { className: string; values: Record<string, unknown>; source?: string | undefined; dryRun: boolean },
): Promise<IdentifyResult> {
  const values = Object.fromEntries(
    Object.entries(item.values).map(([name, value]) => [name, plainValue(value) as string | null]),
  );
  if (Object.values(values).every((value) => value === null))
    throw wrongInput("Attributes is empty: every value in it is null.");
  const [result] = await identifyReconcile(
    client,
    { items: [{ className: item.className.trim(), values }] },
    { dryRun: item.dryRun, ...(item.source ? { source: item.source } : {}) },
  );
  if (!result) throw new Error("The CMDB gave no answer for the item.");
  if (result.errors.length > 0) throw new Error(`The CMDB refused the item: ${result.errors.join("; ")}`);
  return result;
}
