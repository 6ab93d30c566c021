import { formatQuery, isServiceNowError, type ServiceNow } from "../../common";
import { portions } from "./columns";
import { equals } from "./query";

const ACTION_FIELDS = [
  "sys_id",
  "ui_policy",
  "catalog_variable",
  "variable",
  "visible",
  "mandatory",
  "disabled",
  "order",
] as const;

const POLICY_FIELDS = [
  "sys_id",
  "short_description",
  "catalog_conditions",
  "active",
  "on_load",
  "reverse_if_false",
] as const;

/** The variable sets of an item; none where the account may not read them. */
async function setsOf(client: ServiceNow, item: string): Promise<string[]> {
  try {
    const { rows } = await client
      .table("io_set_item")
      .list({ query: equals({ sc_cat_item: item }), fields: ["variable_set"], max: 200 });
    return rows.map((row) => row.variable_set).filter(Boolean);
  } catch (error) {
    if (isServiceNowError(error) && ["invalid-table", "acl", "query-rights"].includes(error.kind)) return [];
    throw error;
  }
}

/** The actions of the active UI policies of an item and of its variable sets, each with its policy, and whether there are more. */
export async function uiPolicyActions(
  client: ServiceNow,
  item: string,
  max: number,
): Promise<{ actions: Record<string, unknown>[]; more: boolean }> {
  const sets = await setsOf(client, item);
  const owners = [
    [
      { field: "catalog_item", operator: "=" as const, value: item },
      { field: "ui_policy.catalog_item", operator: "=" as const, value: item },
    ],
    ...sets.map((set) => [{ field: "ui_policy.variable_set", operator: "=" as const, value: set }]),
  ];
  const { rows, complete } = await client.table("catalog_ui_policy_action").list({
    query: formatQuery({ groups: [[owners.flat()]], order: [] }),
    orderBy: ["order"],
    fields: ACTION_FIELDS,
    max,
  });
  const ids = [...new Set(rows.map((row) => row.ui_policy).filter(Boolean))];
  const policies = new Map<string, Record<string, string>>();
  for (const query of portions(ids)) {
    const found = await client
      .table("catalog_ui_policy")
      .list({ query, fields: POLICY_FIELDS, max: ids.length });
    for (const policy of found.rows) policies.set(policy.sys_id, policy);
  }
  return {
    actions: rows.map((row) => ({ ...row, policy: policies.get(row.ui_policy) ?? null })),
    more: !complete,
  };
}
