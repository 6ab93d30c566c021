import { HostError, messageOf, notFound } from "../errors";
import type { Database } from "../db/database";
import type { AccountRow } from "../db/schema";
import { newId, type Encryption } from "../encryption";
import type { ComponentRegistry } from "../execution/component-registry";
import { MASKED, secretsOf } from "../execution/redact";
import type { Runtime } from "../execution/runtime";
import {
  decryptSecrets,
  encryptSecrets,
  fieldsOf,
  getAccount,
  lifeOf,
  listAccounts,
  putAccount,
} from "./account-rows";
import { Connection } from "./connection";
import { revokeToken, type Tokens } from "./oauth-client";
import { reconnect, type TokenRefresh } from "./token-refresh";

/** `$auth` for a component, and what in it must never be shown. */
export interface AccountAuth {
  auth: Record<string, unknown>;
  secrets: string[];
}

export interface AccountsOptions {
  db: Database;
  encryption: Encryption;
  registry: ComponentRegistry;
  runtime: Runtime;
  refresh: TokenRefresh;
}

/** Connected accounts: kept encrypted, refreshed before their token ends. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  list(filter: { user?: string | undefined; app?: string | undefined }): Promise<AccountRow[]> {
    return listAccounts(this.#options.db, filter);
  }

  /** @throws HostError 404, also for another user's account. */
  async get(id: string, user?: string): Promise<AccountRow> {
    const row = await getAccount(this.#options.db, id);
    if (!row || (user !== undefined && row.external_user_id !== user))
      throw notFound("account", id, "It may have been deleted; choose another account in its place.");
    return row;
  }

  /** What a component gets as `$auth`, with a token that is good for a while. @throws HostError with words. */
  async authFor(id: string, user: string): Promise<AccountAuth> {
    const row = await this.get(id, user);
    if (row.needs_reconnect) throw reconnect(row);
    return this.#authOf(await this.#options.refresh.fresh(row));
  }

  #authOf(row: AccountRow): AccountAuth {
    const kept = decryptSecrets(this.#options.encryption, row);
    const fields = fieldsOf(row);
    if (row.auth_type === "keys") {
      const auth = { ...fields, ...kept.fields };
      return { auth, secrets: secretsOf(auth) };
    }
    return {
      auth: {
        ...fields,
        oauth_access_token: kept.accessToken,
        oauth_client_id: fields.client_id,
        oauth_uid: row.id,
      },
      secrets: [kept.accessToken, kept.refreshToken, ...Object.values(kept.fields)].filter(
        (value): value is string => value !== undefined,
      ),
    };
  }

  /** Stores a connection that has just been made. @returns its row. */
  async storeConnected(account: {
    id?: string;
    user: string;
    app: string;
    /** Who signed in; also the account's name unless one was given, now or before. */
    person: string;
    name?: string;
    fields: Record<string, string>;
    secretFields: Record<string, string>;
    tokenUrl: string;
    revocationUrl?: string;
    tokens: Tokens;
  }): Promise<AccountRow> {
    const id = account.id ?? newId("apn");
    const before = account.id ? await getAccount(this.#options.db, account.id) : undefined;
    const row = await putAccount(this.#options.db, {
      id,
      external_user_id: account.user,
      app: account.app,
      name: account.name ?? (before && before.name !== before.external_id ? before.name : account.person),
      external_id: account.person,
      auth_type: "oauth",
      fields: JSON.stringify(account.fields),
      encrypted: encryptSecrets(this.#options.encryption, id, {
        accessToken: account.tokens.accessToken,
        refreshToken: account.tokens.refreshToken,
        fields: account.secretFields,
      }),
      token_url: account.tokenUrl,
      revocation_url: account.revocationUrl ?? null,
      ...lifeOf(account.tokens.expiresIn),
      healthy: true,
      needs_reconnect: false,
      error: null,
    });
    await this.#options.refresh.plan(row);
    return row;
  }

  /** Stores an account that is known by its keys. Keys of an account that is there already stay unless given again; a blank one goes. */
  async storeKeys(account: {
    id?: string;
    user: string;
    app: string;
    appName: string;
    name?: string;
    fields: Record<string, string>;
  }): Promise<AccountRow> {
    const before = account.id ? await this.get(account.id, account.user) : undefined;
    if (before) refuseOtherKind(before, account.app, "keys");
    const { encryption } = this.#options;
    const id = before?.id ?? newId("apn");
    const name = account.name?.trim() || before?.name || `${account.appName} account`;
    const kept = before ? { ...fieldsOf(before), ...decryptSecrets(encryption, before).fields } : {};
    const fields = Object.fromEntries(
      Object.entries({ ...kept, ...account.fields })
        .map(([key, value]) => [key, value.trim()] as const)
        .filter(([, value]) => value !== ""),
    );
    if (Object.keys(fields).length === 0)
      throw new HostError(422, "An account needs at least one field with a value.");
    return putAccount(this.#options.db, {
      id,
      external_user_id: account.user,
      app: account.app,
      name,
      external_id: name,
      auth_type: "keys",
      // Nobody says which of them are secret, so all are.
      fields: JSON.stringify(Object.fromEntries(Object.keys(fields).map((key) => [key, MASKED]))),
      encrypted: encryptSecrets(encryption, id, { fields }),
      token_url: null,
      revocation_url: null,
      expires_at: null,
      refresh_at: null,
      healthy: true,
      needs_reconnect: false,
      error: null,
    });
  }

  /** Asks the app who is signed in, with the present token. The answer is kept as the account's health. */
  async check(
    id: string,
    user: string,
  ): Promise<{ healthy: boolean; name?: string; details?: Record<string, string>; error?: string }> {
    const row = await this.get(id, user);
    const app = await this.#options.registry.app(row.app);
    if (!app?.connection) return { healthy: true, name: row.name };
    const connection = new Connection(this.#options.runtime, app);
    const verify = async (): ReturnType<Connection["verify"]> =>
      connection.verify((await this.authFor(id, user)).auth);
    try {
      const { name, details } = await verify().catch(async (error: unknown) => {
        // The token was refused before its time: a new one may serve.
        if (!isRefusedToken(error) || !(await this.markTokenInvalid(id))) throw error;
        return verify();
      });
      await this.#setHealth(id, true, null);
      return { healthy: true, name, details };
    } catch (error) {
      await this.#setHealth(id, false, messageOf(error));
      return { healthy: false, error: messageOf(error) };
    }
  }

  /** A server refused the present token: it is refreshed at the next use. @returns whether it can be. */
  async markTokenInvalid(id: string): Promise<boolean> {
    const marked = await this.#options.db
      .updateTable("accounts")
      .set({ refresh_at: 0 })
      .where("id", "=", id)
      .where("auth_type", "=", "oauth")
      .where("refresh_at", "is not", null)
      .where("needs_reconnect", "=", false)
      .returning("id")
      .executeTakeFirst();
    return marked !== undefined;
  }

  /** Deletes the account here, and tells the server when it takes such news. */
  async delete(id: string, user?: string): Promise<void> {
    const row = await this.get(id, user);
    await this.#options.db.deleteFrom("accounts").where("id", "=", id).execute();
    if (row.auth_type !== "oauth" || !row.revocation_url) return;
    try {
      const { refreshToken, accessToken } = decryptSecrets(this.#options.encryption, row);
      const token = refreshToken ?? accessToken;
      if (token) await revokeToken(await this.#options.refresh.clientOf(row), token);
    } catch {
      // The account is gone here; the token ends by itself there.
    }
  }

  async #setHealth(id: string, healthy: boolean, error: string | null): Promise<void> {
    await this.#options.db
      .updateTable("accounts")
      .set({ healthy, error })
      .where("id", "=", id)
      .where("needs_reconnect", "=", false)
      .execute();
  }
}

/** An account is connected again as what it is: its tokens and keys mean nothing to another app. @throws HostError 422. */
export function refuseOtherKind(row: AccountRow, app: string, type: AccountRow["auth_type"]): void {
  if (row.app === app && row.auth_type === type) return;
  throw new HostError(
    422,
    `The account "${row.name}" is one of ${row.app}, and cannot become one of ${app}. Leave account_id out to connect a new one.`,
  );
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof HostError && error.details.status === 401;
}
