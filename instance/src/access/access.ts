import type { Column, Dictionary, Table } from "../dictionary/model";
import { type QueryContext } from "../query/fields";
import { compileQuery } from "../query/compile";
import { parseQuery } from "../query/parse";
import type { Store } from "../store/store";
import { builtInRules, type AclRule } from "./rules";
import type { User } from "../users/users";
import { and, type Fragment, or } from "../store/sql";

export type Operation = "read" | "create" | "write" | "delete";

/** What of a table a user may read: everything, nothing, or the rows that match. */
export type RowAccess = { rows: "all" } | { rows: "none"; forbidden: boolean } | { rows: Fragment };

const systemColumns = new Set(["sys_id", "sys_class_name"]);

/** The switches that access depends on. */
export interface AccessSettings {
  acls: AclRule[];
  explicitRoles: boolean;
  dateLiterals: QueryContext["dateLiterals"];
  queryAcl: QueryContext["refused"];
}

/** Decides who may do what, from the built-in access rules and those of the configuration. */
export class Access {
  #rules = new Map<string, AclRule[]>();
  #source: unknown;

  constructor(
    readonly dictionary: Dictionary,
    readonly store: Store,
    readonly config: AccessSettings,
    readonly now: () => number,
  ) {}

  /** How queries of this user are read. */
  queryContext(user: User): QueryContext {
    return {
      dictionary: this.dictionary,
      user,
      now: this.now(),
      dateLiterals: this.config.dateLiterals,
      refused: this.config.queryAcl,
      allowed: (table, column, range) => this.mayQuery(user, table, column, range),
    };
  }

  /** Rows of the table that the user may read or write. */
  rows(user: User, table: Table, operation: Operation = "read"): RowAccess {
    if (user.admin) return { rows: "all" };
    const rules = this.#rulesFor(table, operation, undefined);
    if (!rules) return this.#withoutRules(user, table, operation);
    const conditions: Fragment[] = [];
    for (const rule of rules) {
      if (!this.#hasRole(user, rule.roles)) continue;
      if (!rule.condition) return { rows: "all" };
      const compiled = compileQuery(parseQuery(rule.condition), table, {
        ...this.queryContext(user),
        allowed: () => true,
      });
      if (compiled.dropped.length === 0) conditions.push(or(compiled.groups));
    }
    if (conditions.length === 0)
      return { rows: "none", forbidden: rules.some((rule) => rule.refusal === "forbidden") };
    return { rows: or(conditions) };
  }

  /** Whether the operation is open to the user on this record, or on the table when no record is given. */
  may(user: User, table: Table, operation: Operation, sysId?: string): boolean {
    const { rows } = this.rows(user, table, operation);
    if (rows === "all" || rows === "none") return rows === "all";
    if (sysId === undefined) return true;
    const found = this.store.get(
      `SELECT 1 AS yes FROM "${table.storage}" r WHERE r.sys_id = ? AND ${and([rows]).sql}`,
      [sysId, ...rows.parameters],
    );
    return found !== undefined;
  }

  mayField(user: User, table: Table, element: string, operation: "read" | "write"): boolean {
    if (user.admin) return true;
    const rules = this.#rulesFor(table, operation, element);
    return !rules || rules.some((rule) => this.#hasRole(user, rule.roles));
  }

  mayQuery(user: User, table: Table, column: Column, range: boolean): boolean {
    if (user.admin || systemColumns.has(column.element)) return true;
    if (!this.mayField(user, table, column.element, "read")) return false;
    if (!range) return true;
    const rules = this.#rules.get(`${table.name}|query_range|${column.element}`);
    return !rules || rules.some((rule) => this.#hasRole(user, rule.roles));
  }

  #hasRole(user: User, roles: string[] | undefined): boolean {
    if (user.admin || !roles || roles.length === 0) return true;
    return roles.some((role) => (role === "*" ? this.#isSomebody(user) : user.roles.has(role)));
  }

  /** With explicit roles a user without any role is nobody. */
  #isSomebody(user: User): boolean {
    return !this.config.explicitRoles || user.roles.size > 0;
  }

  /** Tables that no rule names: staff reads tasks, everybody who is somebody reads the rest, the administrator writes. */
  #withoutRules(user: User, table: Table, operation: Operation): RowAccess {
    const open = user.roles.has("itil") || (!table.lineage.includes("task") && this.#isSomebody(user));
    return operation === "read" && open ? { rows: "all" } : { rows: "none", forbidden: false };
  }

  /** Rules of the nearest table in the lineage that has any. */
  #rulesFor(table: Table, operation: string, field: string | undefined): AclRule[] | undefined {
    this.#refresh();
    for (const name of table.lineage) {
      const rules = this.#rules.get(`${name}|${operation}|${field ?? ""}`);
      if (rules) return rules;
    }
    return undefined;
  }

  #refresh(): void {
    if (this.#source === this.config.acls) return;
    this.#source = this.config.acls;
    this.#rules = new Map();
    const replaced = new Set(this.config.acls.map((rule) => keyOf(rule)));
    for (const rule of [
      ...builtInRules.filter((built) => !replaced.has(keyOf(built))),
      ...this.config.acls,
    ]) {
      const key = keyOf(rule);
      const list = this.#rules.get(key);
      if (list) list.push(rule);
      else this.#rules.set(key, [rule]);
    }
  }
}

/** A configured rule takes the place of all built-in rules for the same table, operation and field. */
function keyOf(rule: AclRule): string {
  return `${rule.table}|${rule.operation}|${rule.field ?? ""}`;
}
