import type { Instance, Session } from "../core";
import type { User } from "../access/users";
import type { Row } from "../store/values";
import { text } from "./rows";

type Kind = "sc_cat_item" | "sc_category" | "sc_catalog";

/**
 * Whether the user criteria of an item, category or catalog leave it to the user: one of those it is available for must be met, if
 * there are any, and none of those it is not available for, which win. An administrator sees everything.
 */
export function isAvailable(instance: Instance, { user }: Session, kind: Kind, id: string): boolean {
  if (user.admin || user.roles.has("catalog_admin")) return true;
  const criteria = (answer: "mtom" | "no_mtom"): Row[] =>
    instance.store.all(
      `SELECT c.* FROM ${kind}_user_criteria_${answer} m JOIN user_criteria c ON c.sys_id = m.user_criteria
       WHERE m.${kind} = ? AND c.active = 1`,
      [id],
    );
  if (criteria("no_mtom").some((row) => meets(instance, user, row))) return false;
  const wanted = criteria("mtom");
  return wanted.length === 0 || wanted.some((row) => meets(instance, user, row));
}

/** One of the kinds of conditions is enough, unless all have to match. Scripts of advanced criteria are not run. */
function meets(instance: Instance, user: User, criteria: Row): boolean {
  const roles = [...user.roles].map((name) =>
    text(instance.store.get("SELECT sys_id FROM sys_user_role WHERE name = ?", [name]), "sys_id"),
  );
  const held: Record<string, string[]> = {
    user: [user.sysId],
    group: [...user.groups],
    role: roles,
    company: [text(user.row, "company")],
    department: [text(user.row, "department")],
    location: [text(user.row, "location")],
  };
  const results = Object.entries(held).flatMap(([name, mine]) => {
    const listed = text(criteria, name).split(",").filter(Boolean);
    return listed.length === 0 ? [] : [listed.some((id) => mine.includes(id))];
  });
  return criteria.match_all === 1 ? results.length > 0 && results.every(Boolean) : results.some(Boolean);
}
