import { nowMs, type Database } from "../db/database";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";
import { HostError } from "../errors";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const PREFIX = "WORKFLOW_ENV_";

/** The named values that workflows read as `env.NAME`: set by a user, or for all by `WORKFLOW_ENV_NAME` in the host's environment. */
export class Variables {
  readonly #ofHost: Record<string, string>;

  constructor(
    readonly db: Database,
    readonly encryption: Encryption,
    environment: NodeJS.ProcessEnv,
  ) {
    this.#ofHost = Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) =>
        name.startsWith(PREFIX) && value !== undefined ? [[name.slice(PREFIX.length), value]] : [],
      ),
    );
  }

  async of(user: string): Promise<Record<string, string>> {
    const rows = await this.db
      .selectFrom("workflow_variables")
      .select(["name", "encrypted"])
      .where("external_user_id", "=", user)
      .execute();
    return {
      ...this.#ofHost,
      ...Object.fromEntries(
        rows.map(({ name, encrypted }) => [
          name,
          this.encryption.decrypt<string>(encrypted, encryptedFor.variable(user, name)),
        ]),
      ),
    };
  }

  /** Names only: values are never shown again. */
  async names(user: string): Promise<{ name: string; updated_at: number | null }[]> {
    const rows = await this.db
      .selectFrom("workflow_variables")
      .select(["name", "updated_at"])
      .where("external_user_id", "=", user)
      .orderBy("name")
      .execute();
    const own = new Set(rows.map(({ name }) => name));
    return [
      ...rows,
      ...Object.keys(this.#ofHost)
        .filter((name) => !own.has(name))
        .map((name) => ({ name, updated_at: null })),
    ];
  }

  /** @throws HostError 400 for a name that code cannot read. */
  async set(user: string, name: string, value: string): Promise<void> {
    if (!NAME.test(name))
      throw new HostError(
        400,
        `"${name}" is no name of a variable. A name has letters, digits and _, and begins with no digit.`,
      );
    const row = {
      encrypted: this.encryption.encrypt(value, encryptedFor.variable(user, name)),
      updated_at: nowMs(),
    };
    await this.db
      .insertInto("workflow_variables")
      .values({ external_user_id: user, name, ...row })
      .onConflict((conflict) => conflict.columns(["external_user_id", "name"]).doUpdateSet(row))
      .execute();
  }

  async remove(user: string, name: string): Promise<void> {
    await this.db
      .deleteFrom("workflow_variables")
      .where("external_user_id", "=", user)
      .where("name", "=", name)
      .execute();
  }
}
