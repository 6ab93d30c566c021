import { isServiceNowError, type ServiceNow } from "../../../common";
import { PAGE_SIZE, containsText, orderedQuery, searchText } from "./search";
import { textOf } from "../../../common/table/cells";

type TableOption = { label: string; value: string };

/** Tables that most instances have, offered to users who may not read the list of tables. */
const WELL_KNOWN: readonly [name: string, label: string][] = [
  ["incident", "Incident"],
  ["problem", "Problem"],
  ["change_request", "Change Request"],
  ["sc_request", "Request"],
  ["sc_req_item", "Requested Item"],
  ["sc_task", "Catalog Task"],
  ["task", "Task"],
  ["kb_knowledge", "Knowledge"],
  ["sys_user", "User"],
  ["sys_user_group", "Group"],
  ["cmdb_ci", "Configuration Item"],
  ["sn_customerservice_case", "Case"],
  ["sysapproval_approver", "Approval"],
  ["alm_asset", "Asset"],
  ["core_company", "Company"],
  ["cmn_location", "Location"],
  ["cmn_department", "Department"],
];

const label = (name: string, title: string) => (title && title !== name ? `${title} (${name})` : name);
const isTableName = (text: string) => /^[a-z][a-z0-9_]*$/.test(text);

/** The typed text itself as a choice, where it could be the name of a table. */
const typed = (text: string): TableOption[] =>
  isTableName(text) ? [{ label: `${text} (as typed)`, value: text }] : [];

function wellKnown(text: string): TableOption[] {
  const part = text.toLowerCase();
  const found = WELL_KNOWN.filter(
    ([name, title]) => name.includes(part) || title.toLowerCase().includes(part),
  ).map(([name, title]) => ({ label: label(name, title), value: name }));
  return found.some(({ value }) => value === text) ? found : [...found, ...typed(text)];
}

/** A refusal because of rights, as against an instance that is busy or gone. */
const notAllowed = (error: unknown) =>
  isServiceNowError(error) && (error.status === 403 || error.status === 404 || error.kind === "acl");

/**
 * Tables whose label or name contains the typed text, as `Incident (incident)`, by label. Users who may not read `sys_db_object` get the usual
 * tables and whatever they typed.
 */
export async function tableOptions(
  client: ServiceNow,
  { query, page }: { query?: unknown; page: number },
): Promise<TableOption[]> {
  const text = searchText(query);
  try {
    const found = await client.table("sys_db_object").page({
      query: orderedQuery(containsText(["label", "name"], text), [{ field: "label" }, { field: "name" }]),
      fields: ["name", "label"],
      limit: PAGE_SIZE,
      offset: page * PAGE_SIZE,
    });
    const rows = found.rows as Record<string, unknown>[];
    const options = rows.map((row) => {
      const name = textOf(row.name);
      return { label: label(name, textOf(row.label)), value: name };
    });
    if (options.length > 0 || page > 0) return options;
    // Nothing: no such table, or rows that this user may not see.
    return (found.total ?? 0) > 0 ? wellKnown(text) : typed(text);
  } catch (error) {
    if (!notAllowed(error)) throw error;
    return page === 0 ? wellKnown(text) : [];
  }
}
