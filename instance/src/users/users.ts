import type { Store } from "../store/store";
import type { Row } from "../store/values";

/** Who makes a request, with what decides about answers: roles, zone, formats. */
export interface User {
  sysId: string;
  userName: string;
  name: string;
  email: string;
  roles: ReadonlySet<string>;
  groups: ReadonlySet<string>;
  admin: boolean;
  timeZone: string;
  dateFormat: string;
  timeFormat: string;
  row: Row;
}

/** Users by sys_id with their effective roles: their own, those of their groups, and those that roles contain. */
export class Users {
  readonly #cache = new Map<string, User>();
  #stamp = "";

  constructor(
    readonly store: Store,
    readonly systemTimeZone: () => string,
  ) {}

  byId(sysId: string): User | undefined {
    this.#refresh();
    const known = this.#cache.get(sysId);
    if (known) return known;
    const row = this.store.byId(this.store.dictionary.known("sys_user"), sysId);
    if (!row) return undefined;
    const user = this.#load(row);
    this.#cache.set(sysId, user);
    return user;
  }

  byName(userName: string): User | undefined {
    const row = this.store.get("SELECT sys_id FROM sys_user WHERE user_name = ?", [userName]);
    return row ? this.byId(String(row.sys_id)) : undefined;
  }

  /** Active and not locked out. */
  mayLogIn(user: User): boolean {
    return user.row.active === 1 && user.row.locked_out !== 1;
  }

  #refresh(): void {
    const { store } = this;
    const stamp = [
      "sys_user",
      "sys_user_has_role",
      "sys_user_grmember",
      "sys_user_role",
      "sys_user_role_contains",
    ]
      .map((storage) => store.version(storage))
      .join(",")
      .concat(this.systemTimeZone());
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#cache.clear();
  }

  #load(row: Row): User {
    const sysId = String(row.sys_id);
    const roles = new Set<string>();
    const wanted = this.store
      .all("SELECT role FROM sys_user_has_role WHERE user = ?", [sysId])
      .map((grant) => String(grant.role));
    const groups = new Set(
      this.store
        .all('SELECT "group" AS id FROM sys_user_grmember WHERE user = ?', [sysId])
        .map((member) => String(member.id)),
    );
    for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
      const name = this.store.get("SELECT name FROM sys_user_role WHERE sys_id = ?", [id])?.name;
      if (typeof name !== "string" || roles.has(name)) continue;
      roles.add(name);
      for (const { contains } of this.store.all(
        "SELECT contains FROM sys_user_role_contains WHERE role = ?",
        [id],
      ))
        wanted.push(String(contains));
    }
    return {
      sysId,
      userName: String(row.user_name ?? ""),
      name: String(row.name ?? ""),
      email: String(row.email ?? ""),
      roles,
      groups,
      admin: roles.has("admin"),
      timeZone: String(row.time_zone ?? this.systemTimeZone()),
      dateFormat: String(row.date_format ?? "yyyy-MM-dd"),
      timeFormat: String(row.time_format ?? "HH:mm:ss"),
      row,
    };
  }
}
