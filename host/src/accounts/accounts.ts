import { setTimeout as delay } from "node:timers/promises";
import { HostError, messageOf, notFound } from "../errors";
import type { ComponentRegistry } from "../execution/component-registry";
import { MASKED, secretsOf } from "../execution/redact";
import type { Runtime } from "../execution/runtime";
import { newId, type Encryption } from "../encryption";
import type { Database } from "../db/database";
import {
  claimRefresh,
  fieldsOf,
  getAccount,
  lifeOf,
  listAccounts,
  decryptSecrets,
  putAccount,
  encryptSecrets,
  type AccountRow,
  type AccountSecrets,
} from "./account-rows";
import { Connection } from "./connection";
import {
  TokenEndpointError,
  refreshTokens,
  revokeToken,
  type OAuthClient,
  type Tokens,
} from "./oauth-client";

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
  log(message: string): void;
}

/** Connected accounts: kept encrypted, renewed before their token ends. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #refreshes = new Map<string, Promise<AccountRow>>();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  list(filter: { user?: string; app?: string }): Promise<AccountRow[]> {
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
    let row = await this.get(id, user);
    if (row.dead)
      throw new HostError(
        400,
        `The account "${row.name}" must be connected again. ${row.error ?? ""}`.trim(),
      );
    if (row.auth_type === "oauth" && isDue(row)) row = await this.#refreshed(row);
    return this.#authOf(row);
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
    const now = Date.now();
    const id = account.id ?? newId("apn");
    const before = account.id ? await getAccount(this.#options.db, account.id) : undefined;
    await putAccount(this.#options.db, {
      id,
      external_user_id: account.user,
      app: account.app,
      name: account.name ?? (before && before.name !== before.external_id ? before.name : account.person),
      external_id: account.person,
      auth_type: "oauth",
      fields: JSON.stringify(account.fields),
      sealed: encryptSecrets(this.#options.encryption, id, {
        accessToken: account.tokens.accessToken,
        refreshToken: account.tokens.refreshToken,
        fields: account.secretFields,
      }),
      token_url: account.tokenUrl,
      revocation_url: account.revocationUrl ?? null,
      ...lifeOf(account.tokens.expiresIn, now),
      healthy: true,
      dead: false,
      error: null,
      created_at: before?.created_at ?? now,
      updated_at: now,
    });
    return this.get(id);
  }

  /** Stores an account that is known by its keys. Keys of an account that is there already stay unless given anew; a blank one goes. */
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
    const now = Date.now();
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
    await putAccount(this.#options.db, {
      id,
      external_user_id: account.user,
      app: account.app,
      name,
      external_id: name,
      auth_type: "keys",
      // Nobody says which of them are secret, so all are.
      fields: JSON.stringify(Object.fromEntries(Object.keys(fields).map((key) => [key, MASKED]))),
      sealed: encryptSecrets(encryption, id, { fields }),
      token_url: null,
      revocation_url: null,
      expires_at: null,
      renew_at: null,
      healthy: true,
      dead: false,
      error: null,
      created_at: before?.created_at ?? now,
      updated_at: now,
    });
    return this.get(id);
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

  /** Renews at the next use, since a server said that the present token is no longer good. @returns whether it can be renewed. */
  async markTokenInvalid(id: string): Promise<boolean> {
    const rows = await this.#options.db.query(
      "update accounts set renew_at = 0 where id = $1 and auth_type = 'oauth' and renew_at is not null and not dead returning id",
      [id],
    );
    return rows.length > 0;
  }

  /** Deletes the account here, and tells the server when it takes such news. */
  async delete(id: string, user?: string): Promise<void> {
    const row = await this.get(id, user);
    await this.#options.db.query("delete from accounts where id = $1", [id]);
    if (row.auth_type !== "oauth" || !row.revocation_url) return;
    try {
      const { refreshToken, accessToken } = decryptSecrets(this.#options.encryption, row);
      const token = refreshToken ?? accessToken;
      if (token) await revokeToken(await this.#oauthClient(row), token);
    } catch {
      // The account is gone here; the token ends by itself there.
    }
  }

  /** Renews every healthy account that is due, so that a refresh token does not age unused. */
  async refreshDue(): Promise<void> {
    const rows = await this.#options.db.query<AccountRow>(
      "select * from accounts where auth_type = 'oauth' and not dead and renew_at <= $1 order by renew_at limit 50",
      [Date.now()],
    );
    for (const row of rows) await this.#refreshed(row).catch(() => undefined);
  }

  /** One renewal at a time for an account: in this process by the promise, between processes by the claim in its row. */
  #refreshed(row: AccountRow): Promise<AccountRow> {
    let renewal = this.#refreshes.get(row.id);
    if (!renewal) {
      renewal = this.#refresh(row).finally(() => this.#refreshes.delete(row.id));
      this.#refreshes.set(row.id, renewal);
    }
    return renewal;
  }

  async #refresh(row: AccountRow): Promise<AccountRow> {
    if (!(await claimRefresh(this.#options.db, row.id, Date.now()))) return this.#awaitRefresh(row.id);
    const present = await this.get(row.id);
    const secrets = decryptSecrets(this.#options.encryption, present);
    if (!secrets.refreshToken)
      return this.#refreshFailed(
        present,
        secrets,
        new TokenEndpointError(
          { error: "invalid_grant" },
          "The server gave no refresh token, and the access token has ended.",
        ),
      );
    try {
      const tokens = await refreshTokens(await this.#oauthClient(present), secrets.refreshToken);
      const now = Date.now();
      const life = lifeOf(tokens.expiresIn, now);
      await this.#options.db.query(
        `update accounts set sealed = $2, expires_at = $3, renew_at = $4, renewing_until = null, healthy = true,
           dead = false, error = null, updated_at = $5 where id = $1`,
        [
          row.id,
          encryptSecrets(this.#options.encryption, row.id, {
            ...secrets,
            accessToken: tokens.accessToken,
            refreshToken: tokens.refreshToken ?? secrets.refreshToken,
          }),
          life.expires_at,
          life.renew_at,
          now,
        ],
      );
      return await this.get(row.id);
    } catch (error) {
      if (error instanceof TokenEndpointError) return this.#refreshFailed(present, secrets, error);
      throw error;
    }
  }

  /** A refused grant ends the account until it is connected again; an unreachable server is only a delay. */
  async #refreshFailed(
    row: AccountRow,
    secrets: AccountSecrets,
    error: TokenEndpointError,
  ): Promise<AccountRow> {
    const app = await this.#options.registry.app(row.app);
    const words = app?.connection
      ? await new Connection(this.#options.runtime, app).explain(
          "refresh",
          error.failure,
          { ...fieldsOf(row), ...secrets.fields },
          error.message,
        )
      : error.message;
    await this.#options.db.query(
      `update accounts set healthy = false, dead = $2, error = $3, renewing_until = null, updated_at = $4
       where id = $1 and sealed = $5`,
      [row.id, error.final, words, Date.now(), row.sealed],
    );
    if (
      !error.final &&
      secrets.accessToken &&
      (row.expires_at ?? 0) > Date.now() + 5000 &&
      row.renew_at !== 0
    )
      return row;
    throw new HostError(400, `The account "${row.name}" could not be renewed. ${words}`);
  }

  async #awaitRefresh(id: string): Promise<AccountRow> {
    for (const until = Date.now() + 35_000; Date.now() < until; await delay(100)) {
      const row = await this.get(id);
      if (row.dead)
        throw new HostError(400, `The account "${row.name}" must be connected again. ${row.error ?? ""}`);
      if (!isDue(row)) return row;
      if ((row.renewing_until ?? 0) < Date.now()) return this.#refresh(row);
    }
    throw new HostError(
      400,
      "Another process is renewing this account and does not come to an end. Try again.",
    );
  }

  async #oauthClient(row: AccountRow): Promise<OAuthClient> {
    const app = await this.#options.registry.app(row.app);
    const fields = fieldsOf(row);
    return {
      tokenUrl: row.token_url ?? "",
      revocationUrl: row.revocation_url ?? undefined,
      clientId: fields.client_id ?? "",
      clientSecret: decryptSecrets(this.#options.encryption, row).fields.client_secret,
      clientAuthentication: app?.connection?.clientAuthentication ?? "body",
    };
  }

  async #setHealth(id: string, healthy: boolean, error: string | null): Promise<void> {
    await this.#options.db.query("update accounts set healthy = $2, error = $3 where id = $1 and not dead", [
      id,
      healthy,
      error,
    ]);
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

function isDue(row: AccountRow): boolean {
  return row.renew_at !== null && row.renew_at <= Date.now();
}
