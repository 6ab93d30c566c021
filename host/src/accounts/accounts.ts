import { isDeepStrictEqual } from "node:util";
import { HostError, messageOf, notFound } from "../errors";
import type { Database } from "../db/database";
import type { AccountRow } from "../db/schema";
import type { AccountPlace } from "../encrypted-for";
import { newId, type Encryption } from "../encryption";
import { describeNetwork, readNetwork, secretsOfNetwork, type AccountNetwork } from "../outbound/network";
import { MASKED, secretsOf } from "../execution/redact";
import {
  decryptSecrets,
  encryptSecrets,
  fieldsOf,
  getAccount,
  lifeOf,
  listAccounts,
  putAccount,
} from "./account-rows";
import type { App, Apps } from "./apps/apps";
import { kindOf, readFields, splitFields, type Person } from "./connection";
import { revokeToken, type Tokens } from "./oauth-client";
import { reconnect, type TokenRefresh } from "./token-refresh";

/** `$auth` for a component, and what in it must never be shown. */
export interface AccountAuth {
  auth: Record<string, unknown>;
  secrets: string[];
  /** How requests for the account travel. */
  network?: AccountNetwork | undefined;
}

export interface AccountsOptions {
  db: Database;
  encryption: Encryption;
  apps: Apps;
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

  /** What may be shown of the account's way to the network; undefined where it is the host's. */
  networkOf(row: AccountRow): Record<string, unknown> | undefined {
    const { network } = decryptSecrets(this.#options.encryption, row);
    return network && describeNetwork(network);
  }

  #authOf(row: AccountRow): AccountAuth {
    const kept = decryptSecrets(this.#options.encryption, row);
    const fields = fieldsOf(row);
    const { network } = kept;
    const hidden = network ? secretsOfNetwork(network) : [];
    if (row.auth_type === "keys") {
      return {
        auth: { ...fields, ...kept.fields },
        secrets: [...secretsOf(kept.fields), ...hidden],
        network,
      };
    }
    return {
      auth: {
        ...fields,
        oauth_access_token: kept.accessToken,
        oauth_client_id: fields.client_id,
        oauth_uid: fields.oauth_uid ?? row.id,
      },
      secrets: [kept.accessToken, kept.refreshToken, ...Object.values(kept.fields), ...hidden].filter(
        (value): value is string => value !== undefined,
      ),
      network,
    };
  }

  /** Stores a connection that has just been made. @returns its row. */
  async storeConnected(account: {
    id?: string;
    user: string;
    app: string;
    /** Who signed in; also the account's name unless one was given, now or before. */
    person: string;
    /** Who that is there. */
    uid?: string;
    /** By which way, when not by the browser. */
    kind?: string;
    name?: string;
    fields: Record<string, string>;
    secretFields: Record<string, string>;
    tokenUrl?: string;
    revocationUrl?: string;
    network?: AccountNetwork | undefined;
    tokens: Tokens;
  }): Promise<AccountRow> {
    const id = account.id ?? newId("apn");
    const before = account.id ? await getAccount(this.#options.db, account.id) : undefined;
    const place: AccountPlace = {
      id,
      external_user_id: account.user,
      app: account.app,
      auth_type: "oauth",
      token_url: account.tokenUrl ?? null,
      revocation_url: account.revocationUrl ?? null,
      fields: JSON.stringify({ ...account.fields, ...(account.uid ? { oauth_uid: account.uid } : {}) }),
    };
    const row = await putAccount(this.#options.db, {
      ...place,
      name: account.name ?? (before && before.name !== before.external_id ? before.name : account.person),
      external_id: account.person,
      auth_type: "oauth",
      auth_kind: account.kind ?? "authorization_code",
      encrypted: encryptSecrets(this.#options.encryption, place, {
        accessToken: account.tokens.accessToken,
        refreshToken: account.tokens.refreshToken,
        fields: account.secretFields,
        ...(account.network ? { network: account.network } : {}),
      }),
      ...lifeOf(account.tokens.expiresIn),
      healthy: true,
      needs_reconnect: false,
      error: null,
    });
    await this.#options.refresh.plan(row);
    return row;
  }

  /**
   * Connects an account by a way that needs no browser: its fields are checked, a token is asked for where the way has one, and the app
   * is asked who that is. Secret fields of an account that is there already stay unless given anew.
   *
   * @throws HostError 422 with the app's words and the field at fault.
   */
  async connect(account: NewAccount & { kind?: string }): Promise<AccountRow> {
    const { app } = account;
    const { connection } = app;
    if (!connection) return this.#storeUndescribed(account);
    const before = account.id ? await this.get(account.id, account.user) : undefined;
    const kind = kindOf(connection, account.kind ?? before?.auth_kind ?? undefined, app.name);
    if (kind.by === "browser")
      throw new HostError(
        422,
        `${app.name} accounts are connected by signing in: POST /api/connect-attempts gives the address.`,
      );
    if (before) refuseOtherKind(before, app.slug, kind.by === "keys" ? "keys" : "oauth", kind.kind);
    const { kept, network } = keptOf(this.#options.encryption, before, account.network);
    const own = connection.through(network);
    const signedIn = await own.signIn(kind, readFields(kind.fields, account.fields, kept));
    const { tokens } = signedIn;
    const { shown, secret: secretFields } = splitFields(kind, signedIn.fields);
    const auth = tokens ? { ...shown, oauth_access_token: tokens.accessToken } : signedIn.fields;
    const person = await own.verify(auth);
    const stored = { ...account, kind: kind.kind, person, fields: shown, network };
    const name = person?.name ?? `${app.name} account`;
    if (tokens)
      return this.storeConnected({
        ...stored,
        app: app.slug,
        person: name,
        ...(person?.uid ? { uid: person.uid } : {}),
        secretFields,
        tokens,
      });
    return this.#storeKeys({
      ...account,
      network,
      before,
      kind: kind.kind,
      person: name,
      fields: stored.fields,
      secretFields,
    });
  }

  /**
   * Keys of an app that nobody has described: what they are called, the person says. A blank one goes. Nobody says which of them is an
   * address either, so a new value of one asks for the others again: none is sent where it was not given for.
   */
  async #storeUndescribed(account: NewAccount): Promise<AccountRow> {
    const { app } = account;
    if (app.auth === "none") throw new HostError(422, `${app.name} needs no account.`);
    const before = account.id ? await this.get(account.id, account.user) : undefined;
    if (before) refuseOtherKind(before, app.slug, "keys");
    const { kept, network } = keptOf(this.#options.encryption, before, account.network);
    refuseNewCompany(kept, account.fields);
    const secretFields = Object.fromEntries(
      Object.entries({ ...kept, ...account.fields })
        .map(([key, value]) => [key, value.trim()] as const)
        .filter(([, value]) => value !== ""),
    );
    if (Object.keys(secretFields).length === 0)
      throw new HostError(422, "An account needs at least one field with a value.");
    // Nobody says which of them are secret, so all are.
    const fields = Object.fromEntries(Object.keys(secretFields).map((key) => [key, MASKED]));
    return this.#storeKeys({
      ...account,
      network,
      before,
      kind: "keys",
      person: `${app.name} account`,
      fields,
      secretFields,
    });
  }

  #storeKeys(
    account: NewAccount & {
      before: AccountRow | undefined;
      kind: string;
      person: string;
      secretFields: Record<string, string>;
      network: AccountNetwork | undefined;
    },
  ): Promise<AccountRow> {
    const { before, secretFields, network } = account;
    const id = before?.id ?? newId("apn");
    const kept = before && before.name !== before.external_id ? before.name : undefined;
    const name = account.name?.trim() || kept || account.person;
    const place: AccountPlace = {
      id,
      external_user_id: account.user,
      app: account.app.slug,
      auth_type: "keys",
      token_url: null,
      revocation_url: null,
      fields: JSON.stringify(account.fields),
    };
    return putAccount(this.#options.db, {
      ...place,
      name,
      external_id: account.person,
      auth_type: "keys",
      auth_kind: account.kind,
      encrypted: encryptSecrets(this.#options.encryption, place, {
        fields: secretFields,
        ...(network ? { network } : {}),
      }),
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
    const connection = (await this.#options.apps.find(row.app))?.connection;
    if (!connection) return { healthy: true, name: row.name };
    const verify = async (): Promise<Person | undefined> => {
      const { auth, network } = await this.authFor(id, user);
      return connection.through(network).verify(auth);
    };
    try {
      const person = await verify().catch(async (error: unknown) => {
        // The token was refused before its time: a new one may serve.
        if (!isRefusedToken(error) || !(await this.markTokenInvalid(id))) throw error;
        return verify();
      });
      await this.#setHealth(id, true, null);
      return {
        healthy: true,
        name: person?.name ?? row.name,
        ...(person ? { details: person.details } : {}),
      };
    } catch (error) {
      await this.#setHealth(id, false, messageOf(error));
      return { healthy: false, error: messageOf(error) };
    }
  }

  /** Whether an app's components run without an account. */
  async isNeedless(app: string): Promise<boolean> {
    return (await this.#options.apps.find(app))?.auth === "none";
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

/** An account to be connected, or connected again when it has an id. */
interface NewAccount {
  id?: string | undefined;
  user: string;
  app: App;
  name?: string | undefined;
  fields: Record<string, string>;
  /** As it was entered; null takes away what there was, undefined leaves it. */
  network?: AccountNetwork | null | undefined;
}

/**
 * What an account that is connected again keeps, and how its requests travel from now on. Kept secrets do not travel another way than the one
 * they were entered for.
 *
 * @throws HostError 422 with the field at fault.
 */
export function keptOf(
  encryption: Encryption,
  before: AccountRow | undefined,
  given: AccountNetwork | null | undefined,
): { kept: Record<string, string>; network: AccountNetwork | undefined } {
  const read = given ? readNetwork(given) : undefined;
  if (!before) return { kept: {}, network: read };
  const secrets = decryptSecrets(encryption, before);
  const network = given === undefined ? secrets.network : read;
  const isSameWay = isDeepStrictEqual(network, secrets.network);
  const all = { ...fieldsOf(before), ...secrets.fields };
  if (isSameWay) return { kept: all, network };
  return {
    kept: Object.fromEntries(Object.entries(all).filter(([name]) => !(name in secrets.fields))),
    network,
  };
}

/** An account is connected again as what it is: its tokens and keys mean nothing to another app or way. @throws HostError 422. */
export function refuseOtherKind(
  row: AccountRow,
  app: string,
  type: AccountRow["auth_type"],
  kind?: string,
): void {
  if (row.app !== app || row.auth_type !== type)
    throw new HostError(
      422,
      `The account "${row.name}" is one of ${row.app}, and cannot become one of ${app}. Leave account_id out to connect a new one.`,
    );
  if (kind !== undefined && row.auth_kind !== kind)
    throw new HostError(
      422,
      `The account "${row.name}" is connected by ${row.auth_kind}, and is connected again by the same way. Leave account_id out to connect a new one by ${kind}.`,
    );
}

/** @throws HostError 422 that names the field to be given again. */
function refuseNewCompany(kept: Record<string, string>, given: Record<string, string>): void {
  const isNew = (name: string): boolean => given[name]?.trim() !== "" && given[name]?.trim() !== kept[name];
  const changed = Object.keys(given).find(isNew);
  const missing = Object.keys(kept).find((name) => !Object.hasOwn(given, name));
  if (changed === undefined || missing === undefined) return;
  throw new HostError(
    422,
    `${missing} is asked for again, because ${changed} is another one than before. Give all fields of the account when one changes.`,
    { field: missing },
  );
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof HostError && error.details.status === 401;
}
