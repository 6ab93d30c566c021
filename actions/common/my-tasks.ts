import { formatQuery, type Condition, type ServiceNow } from "../../common";
import { equals } from "./query";

/** More groups than fit a URL nobody has; a reader of all of them would be an administrator's account. */
const MAX_GROUPS = 100;

/** A query for the active tasks of a person, and on request for those of the person's groups that nobody has taken yet. */
export async function myTasks(client: ServiceNow, userId: string, includeGroups: boolean): Promise<string> {
  const active: Condition[] = [{ field: "active", operator: "=", value: "true" }];
  const mine: Condition[] = [{ field: "assigned_to", operator: "=", value: userId }];
  const groups = includeGroups ? await groupsOf(client, userId) : [];
  const unclaimed: Condition[][] = [
    active,
    [{ field: "assigned_to", operator: "ISEMPTY", value: "" }],
    [{ field: "assignment_group", operator: "IN", value: groups.join(",") }],
  ];
  return formatQuery({
    groups: groups.length > 0 ? [[active, mine], unclaimed] : [[active, mine]],
    order: [],
  });
}

async function groupsOf(client: ServiceNow, userId: string): Promise<string[]> {
  const { rows } = await client
    .table("sys_user_grmember")
    .list({ query: equals({ user: userId }), fields: ["group"], max: MAX_GROUPS });
  return rows.map((row) => row.group).filter(Boolean);
}
