import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { isServiceNowError } from "../../errors";
import type { Reference } from "../../table/types";
import { isSysId } from "../../sys-id";
import { sysIdOf } from "../../table/values";
import { common, isRefusal, resultOf } from "../../http/api-call";
import { textOf } from "../../table/cells";
import { where, type Term } from "../../query/terms";
import { resolve } from "../../records/resolve";

const FIELDS = ["sys_id", "user_name", "name", "email", "active", "title", "time_zone"] as const;

/** A user, with what is asked for most. */
export interface User {
  /** sys_id of the user (`sys_user`). */
  sys_id: string;
  /** What the user signs in with. */
  user_name: string;
  /** Full name. */
  name: string;
  /** Mail address; empty for none. */
  email: string;
  /** `true` or `false`. */
  active: string;
  /** Job title; empty for none. */
  title: string;
  /** IANA name; empty when the user follows the system's. */
  time_zone: string;
}

/** How many to find, and whether deactivated ones count. */
export interface FindOptions extends CallOptions {
  /** Deactivated ones too. @default false */
  inactive?: boolean;
  /** @default 20 */
  max?: number;
}

/** `users(client).resolve("beth.anglin@example.com")` */
export function users(client: ServiceNow): Users {
  return new Users(client);
}

/** The people of the instance (`sys_user`). */
export class Users {
  constructor(readonly client: ServiceNow) {}

  /**
   * The account behind the sign-in; null when it may not read its own record. Where an instance refuses the script in the
   * query it drops the condition and answers with everybody, so several rows are nobody.
   */
  async current(options: CallOptions = {}): Promise<User | null> {
    for (const query of ["sys_id=javascript:gs.getUserID()", "user_name=javascript:gs.getUserName()"]) {
      try {
        const page = await this.client
          .table("sys_user")
          .page({ ...common(options), query, fields: FIELDS, limit: 2 });
        if (page.rows.length === 1) return page.rows[0] as User;
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    return this.#fromInterface(options);
  }

  /** The user a text means: sys_id, user name, e-mail address or full name. @throws `no-match`, `several-matches` */
  async resolve(text: string, options: CallOptions = {}): Promise<User> {
    return resolve(this.client, "sys_user", text, ["user_name", "email", "name"], FIELDS, {
      ...options,
      recordType: "user",
    });
  }

  /** Users whose name contains the text, or whose user name or address begins with it; by name. */
  async find(text: string, options: FindOptions = {}): Promise<User[]> {
    const wanted = text.trim();
    const terms: (Term | Term[])[] = [];
    if (wanted) {
      terms.push([
        ["name", "LIKE", wanted],
        ["user_name", "STARTSWITH", wanted],
        ["email", "STARTSWITH", wanted],
      ]);
    }
    if (!options.inactive) terms.push(["active", "=", "true"]);
    const page = await this.client.table("sys_user").page({
      ...common(options),
      query: where(terms, ["name", "sys_id"]),
      fields: FIELDS,
      limit: options.max ?? 20,
    });
    return page.rows;
  }

  /** Groups the user belongs to, directly. */
  async groups(user: Reference, options: CallOptions = {}): Promise<{ sys_id: string; name: string }[]> {
    const { rows } = await this.client.table("sys_user_grmember").list({
      ...common(options),
      query: where([["user", "=", sysIdOf(user)]]),
      fields: ["group", "group.name"],
    });
    return rows
      .map((row) => ({ sys_id: row.group, name: row["group.name"] }))
      .filter((group) => group.sys_id);
  }

  /**
   * Names of the user's roles, the ones inherited from groups and other roles included, sorted.
   * `source` says where they were read; an empty list from `table` may also mean that the account may not see them.
   * @see https://www.servicenow.com/docs/csh?topicname=user-role-inheritance-api.html
   */
  async roles(
    user: Reference,
    options: CallOptions = {},
  ): Promise<{ roles: string[]; source: "inheritance" | "table" }> {
    const id = sysIdOf(user);
    try {
      const result = await resultOf<unknown>(this.client, {
        ...common(options),
        path: "/api/global/user_role_inheritance",
        params: { ...options.params, user_sysid: id },
        operation: `read the roles of user ${id}`,
      });
      const names = roleNames(result);
      if (names.length) return { roles: names, source: "inheritance" };
    } catch (error) {
      if (!isServiceNowError(error) || !(error.status === 403 || isMissing(error.kind))) throw error;
    }
    const { rows } = await this.client.table("sys_user_has_role").list({
      ...common(options),
      query: where([
        ["user", "=", id],
        ["state", "=", "active"],
      ]),
      fields: ["role.name"],
    });
    return { roles: unique(rows.map((row) => row["role.name"])), source: "table" };
  }

  /** Takes the user out of use. Their records keep them. */
  async deactivate(user: Reference, options: CallOptions = {}): Promise<User> {
    const row = await this.client
      .table("sys_user")
      .update(user, { active: false }, { ...common(options), fields: FIELDS });
    return row;
  }

  async #fromInterface(options: CallOptions): Promise<User | null> {
    try {
      const found = await resultOf<Record<string, unknown>>(this.client, {
        ...common(options),
        path: "/api/now/ui/user/current_user",
        operation: "read the current user",
      });
      const text = (key: string): string => textOf(found[key]);
      if (!text("user_sys_id")) return null;
      return {
        sys_id: text("user_sys_id"),
        user_name: text("user_name"),
        name: text("user_display_name") || text("user_name"),
        email: text("user_email"),
        active: "true",
        title: "",
        time_zone: text("user_time_zone"),
      };
    } catch (error) {
      if (isServiceNowError(error) && (isRefusal(error) || isMissing(error.kind) || error.status === 401))
        return null;
      throw error;
    }
  }
}

const GROUP_FIELDS = ["sys_id", "name", "description", "active", "manager", "email"] as const;

/** A user group. */
export interface Group {
  /** sys_id of the group (`sys_user_group`). */
  sys_id: string;
  /** Unique on most instances. */
  name: string;
  /** What it is for; empty for none. */
  description: string;
  /** `true` or `false`. */
  active: string;
  /** sys_id of its manager; empty for none. */
  manager: string;
  /** Mail address of the group; empty for none. */
  email: string;
}

/** `groups(client).members("Service Desk")` */
export function groups(client: ServiceNow): Groups {
  return new Groups(client);
}

/** User groups and who is in them (`sys_user_group`, `sys_user_grmember`). */
export class Groups {
  constructor(readonly client: ServiceNow) {}

  /** The group a text means: sys_id or name. @throws `no-match`, `several-matches` */
  async resolve(text: string, options: CallOptions = {}): Promise<Group> {
    return resolve(this.client, "sys_user_group", text, ["name"], GROUP_FIELDS, {
      ...options,
      recordType: "group",
    });
  }

  /** Groups whose name contains the text, by name. */
  async find(text: string, options: FindOptions = {}): Promise<Group[]> {
    const terms: Term[] = [];
    if (text.trim()) terms.push(["name", "LIKE", text.trim()]);
    if (!options.inactive) terms.push(["active", "=", "true"]);
    const page = await this.client.table("sys_user_group").page({
      ...common(options),
      query: where(terms, ["name", "sys_id"]),
      fields: GROUP_FIELDS,
      limit: options.max ?? 20,
    });
    return page.rows;
  }

  /** The direct members, by name. @param group record, sys_id or name */
  async members(group: Reference, options: FindOptions = {}): Promise<User[]> {
    const id = await this.#id(group, options);
    const { rows } = await this.client.table("sys_user_grmember").list({
      ...common(options),
      query: where([
        ["group", "=", id],
        ...(options.inactive ? [] : [["user.active", "!=", "false"] as Term]),
      ]),
      fields: ["user", ...FIELDS.slice(1).map((name) => `user.${name}` as const)],
      max: options.max ?? 10_000,
    });
    const people = rows.map((row) => {
      const cell = (name: string): string => (row as Record<string, string>)[`user.${name}`] ?? "";
      return {
        sys_id: row.user,
        user_name: cell("user_name"),
        name: cell("name"),
        email: cell("email"),
        active: cell("active"),
        title: cell("title"),
        time_zone: cell("time_zone"),
      };
    });
    const kept = options.inactive ? people : people.filter(({ active }) => active !== "false");
    return kept
      .filter(({ sys_id }) => sys_id)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /**
   * Puts a user into a group. ServiceNow would take any sys_id, so both are looked up first.
   * @returns false when the user was in it already
   * @throws `no-match` when there is no such group or user
   */
  async addMember(group: Reference, user: Reference, options: CallOptions = {}): Promise<boolean> {
    const { sys_id: id } = await this.resolve(sysIdOf(group, "group"), common(options));
    const { sys_id: member } = await users(this.client).resolve(sysIdOf(user, "user"), common(options));
    if (await this.#membership(id, member, options)) return false;
    await this.client.table("sys_user_grmember").create({ group: id, user: member }, common(options));
    return true;
  }

  /** Takes a user out of a group. @returns false when the user was not in it */
  async removeMember(group: Reference, user: Reference, options: CallOptions = {}): Promise<boolean> {
    const membership = await this.#membership(
      await this.#id(group, options),
      await this.#person(user, options),
      options,
    );
    if (!membership) return false;
    await this.client.table("sys_user_grmember").delete(membership, common(options));
    return true;
  }

  async #membership(group: string, user: string, options: CallOptions): Promise<string | undefined> {
    const row = await this.client.table("sys_user_grmember").first({
      ...common(options),
      query: where([
        ["group", "=", group],
        ["user", "=", user],
      ]),
      fields: ["sys_id"],
    });
    return row?.sys_id;
  }

  async #id(group: Reference, options: CallOptions): Promise<string> {
    const text = sysIdOf(group, "group");
    return isSysId(text) ? text : (await this.resolve(text, common(options))).sys_id;
  }

  async #person(user: Reference, options: CallOptions): Promise<string> {
    const text = sysIdOf(user, "user");
    if (isSysId(text)) return text;
    return (await users(this.client).resolve(text, common(options))).sys_id;
  }
}

function isMissing(kind: string): boolean {
  return kind === "unknown-path" || kind === "not-found";
}

/** `from_role` has ways such as `/itil/sn_change_read`, `from_group` such as `[Service Desk]/itil`: the last step is the role. */
function roleNames(result: unknown): string[] {
  const ways = ["from_role", "from_group"].flatMap((key) => {
    const list: unknown = Reflect.get(Object(result), key);
    return Array.isArray(list) ? (list as unknown[]) : [];
  });
  return unique(ways.map((way: unknown) => textOf(way).split("/").pop()));
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name): name is string => Boolean(name)))].sort();
}
