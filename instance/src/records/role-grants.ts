import type { Instance } from "../core/instance";
import type { Row } from "../store/values";
import { fixedId } from "../ids/sys-id";

/** Tables whose rows decide who holds which role. */
const deciding = new Set([
  "sys_user_has_role",
  "sys_user_grmember",
  "sys_group_has_role",
  "sys_user_role_contains",
  "sys_user_group",
]);

interface Grant {
  role: string;
  /** The group that brings the role. */
  group: string | null;
  /** The role that contains it. */
  within: string | null;
}

/**
 * Keeps the inherited rows of sys_user_has_role: what a user holds through groups and through roles that contain others. To be
 * called after each write to a table; `stamps` are the automatic columns of the rows it makes.
 */
export function updateRoleGrants(
  instance: Instance,
  table: string,
  rows: (Row | undefined)[],
  stamps: Row,
): void {
  if (!deciding.has(table)) return;
  const users = new Set(rows.flatMap((row) => (row ? affected(instance, table, row) : [])));
  for (const user of users) grantInherited(instance, user, stamps);
}

function affected(instance: Instance, table: string, row: Row): string[] {
  const { store } = instance;
  switch (table) {
    case "sys_user_has_role":
    case "sys_user_grmember":
      return row.user ? [String(row.user)] : [];
    case "sys_group_has_role":
      return membersBelow(instance, String(row.group));
    case "sys_user_group":
      return membersBelow(instance, String(row.sys_id));
    default:
      return store
        .all("SELECT DISTINCT user FROM sys_user_has_role WHERE role = ?", [String(row.role)])
        .map(({ user }) => String(user));
  }
}

/** Members of a group and of the groups below it. */
function membersBelow(instance: Instance, group: string): string[] {
  return instance.store
    .all(
      `WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT sys_id FROM sys_user_group JOIN below ON parent = below.id)
       SELECT DISTINCT user FROM sys_user_grmember WHERE "group" IN (SELECT id FROM below)`,
      [group],
    )
    .map(({ user }) => String(user));
}

/** Makes the inherited rows of one user what they should be. */
export function grantInherited(instance: Instance, user: string, stamps: Row): void {
  const { store } = instance;
  const rows = store.all("SELECT sys_id, role, inherited FROM sys_user_has_role WHERE user = ?", [user]);
  const own = rows.filter((row) => row.inherited !== 1).map((row) => String(row.role));
  const wanted = new Map<string, Grant>();
  for (const grant of [...rolesOfGroups(instance, user), ...own.map(ownGrant)])
    for (const inherited of [grant, ...contained(instance, grant)])
      if (inherited.group ?? inherited.within)
        wanted.set(
          fixedId("sys_user_has_role", user, inherited.role, inherited.group ?? "", inherited.within ?? ""),
          inherited,
        );
  for (const row of rows)
    if (row.inherited === 1 && !wanted.delete(String(row.sys_id)))
      store.delete("sys_user_has_role", String(row.sys_id));
  for (const [sys_id, { role, group, within }] of wanted)
    store.insert("sys_user_has_role", {
      ...stamps,
      sys_id,
      user,
      role,
      granted_by: group,
      included_in_role: within,
      inherited: 1,
      state: "active",
    });
}

function ownGrant(role: string): Grant {
  return { role, group: null, within: null };
}

/** Roles of the user's groups and of the groups above them. */
function rolesOfGroups(instance: Instance, user: string): Grant[] {
  return instance.store
    .all(
      `WITH RECURSIVE above(id, first) AS (
         SELECT "group", 1 FROM sys_user_grmember WHERE user = ?
         UNION SELECT g.parent, 0 FROM sys_user_group g JOIN above ON g.sys_id = above.id WHERE g.parent IS NOT NULL)
       SELECT role, "group" FROM sys_group_has_role JOIN above ON "group" = above.id
       WHERE first = 1 OR inherits IS NOT 0`,
      [user],
    )
    .map((row) => ({ role: String(row.role), group: String(row.group), within: null }));
}

/** What a role contains, at any depth. */
function contained(instance: Instance, { role, group }: Grant): Grant[] {
  return instance.store
    .all(
      `WITH RECURSIVE inner_roles(role, within) AS (
         SELECT contains, role FROM sys_user_role_contains WHERE role = ?
         UNION SELECT c.contains, c.role FROM sys_user_role_contains c JOIN inner_roles i ON c.role = i.role)
       SELECT role, within FROM inner_roles`,
      [role],
    )
    .map((row) => ({ role: String(row.role), group, within: String(row.within) }));
}
