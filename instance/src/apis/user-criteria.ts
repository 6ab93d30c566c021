import type { Instance } from "../core/instance";
import type { User } from "../users/users";
import type { Row } from "../store/values";
import { text } from "./rows";
import type { Session } from "../core/session";

type Kind = "sc_cat_item" | "sc_category" | "sc_catalog" | "kb_knowledge_base";

/** The tables that say for whom something is, and for whom it is not; and who keeps it and sees everything. */
const links: Record<Kind, { available: string; not: string; keeper: string }> = {
  sc_cat_item: catalogLinks("sc_cat_item"),
  sc_category: catalogLinks("sc_category"),
  sc_catalog: catalogLinks("sc_catalog"),
  kb_knowledge_base: {
    available: "kb_uc_can_read_mtom",
    not: "kb_uc_cannot_read_mtom",
    keeper: "knowledge_admin",
  },
};

function catalogLinks(kind: string): { available: string; not: string; keeper: string } {
  return {
    available: `${kind}_user_criteria_mtom`,
    not: `${kind}_user_criteria_no_mtom`,
    keeper: "catalog_admin",
  };
}

/**
 * Whether the user criteria of an item, category, catalog or knowledge base leave it to the user: one of those it is available for
 * must be met, if there are any, and none of those it is not available for, which win. An administrator sees everything.
 */
export function isAvailable(instance: Instance, { user }: Session, kind: Kind, id: string): boolean {
  const { available, not, keeper } = links[kind];
  if (user.admin || user.roles.has(keeper)) return true;
  const criteria = (table: string): Row[] =>
    instance.store.all(
      `SELECT c.* FROM ${table} m JOIN user_criteria c ON c.sys_id = m.user_criteria
       WHERE m.${kind} = ? AND c.active = 1`,
      [id],
    );
  if (criteria(not).some((row) => meets(instance, user, row))) return false;
  const wanted = criteria(available);
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
