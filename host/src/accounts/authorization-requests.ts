import { HostError, messageOf, notFound } from "../errors";
import type { Runtime } from "../execution/runtime";
import { encryptedFor } from "../encrypted-for";
import { hashOf, newId, type Encryption } from "../encryption";
import { databaseTime, nowMs, type Database } from "../db/database";
import type { AccountRow, AuthorizationRequestRow } from "../db/schema";
import type { AccountNetwork } from "../outbound/network";
import { fieldsOf } from "./account-rows";
import { keptOf, refuseOtherKind, type Accounts } from "./accounts";
import type { Apps } from "./apps/apps";
import { kindOf, readFields, splitFields, type Connection } from "./connection";
import { checkAddress, exchangeCode, TokenEndpointError, newPkce } from "./oauth-client";

const LIFE_MS = 15 * 60_000;
const KEEP_MS = 24 * 3600_000;

interface AuthorizationRequestSecrets {
  authorizeUrl: string;
  /** The session of the page that began it. */
  session?: string | undefined;
  state: string;
  verifier?: string | undefined;
  redirectUri: string;
  tokenUrl: string;
  revocationUrl?: string;
  fields: Record<string, string>;
  network?: AccountNetwork | undefined;
}

export interface AuthorizationRequestStart {
  user: string;
  app: string;
  fields: Record<string, string>;
  /** As it was entered; null takes away what there was, undefined leaves it. */
  network?: AccountNetwork | null | undefined;
  redirectUri: string;
  name?: string;
  /** Reconnects this account; secret fields left empty keep their value. */
  accountId?: string;
  connectToken?: string;
  /** The session of the page it begins on. */
  session?: string;
}

/** An authorization request that a browser is about to go on with. */
export interface OpenedRequest {
  id: string;
  authorizeUrl: string;
  session?: string | undefined;
  connectToken: string | null;
  user: string;
  appName: string;
}

/** What the callback page says, and to whom. */
export interface CallbackOutcome {
  account?: AccountRow;
  /** What the person should know of an account that was connected again as somebody else. */
  notice?: string;
  error?: string;
  appName?: string;
  request?: AuthorizationRequestRow;
}

export interface AuthorizationRequestsOptions {
  db: Database;
  encryption: Encryption;
  apps: Apps;
  runtime: Runtime;
  accounts: Accounts;
}

/** Requests to connect an account by the authorization-code flow with PKCE. Nothing becomes an account before all of it held. */
export class AuthorizationRequests {
  readonly #options: AuthorizationRequestsOptions;
  constructor(options: AuthorizationRequestsOptions) {
    this.#options = options;
  }

  /** @returns the id under which the browser goes on. @throws HostError 422 with the field at fault. */
  async start(start: AuthorizationRequestStart): Promise<{ id: string }> {
    const { db, encryption, apps, accounts } = this.#options;
    const row = start.accountId ? await accounts.get(start.accountId, start.user) : undefined;
    if (row) refuseOtherKind(row, start.app, "oauth");
    const { kept, network } = keptOf(encryption, row, start.network);
    const connection = (await apps.connectionOf(start.app)).through(network);
    const kind = kindOf(connection, "authorization_code", (await apps.get(start.app)).name);
    const fields = readFields(kind.fields, start.fields, kept);
    const prepared = await connection.prepare(fields);
    checkAddress("sign-in address", prepared.authorizationUrl);
    checkAddress("token address", prepared.tokenUrl);
    const { verifier, challenge, state } = await newPkce();
    const url = new URL(prepared.authorizationUrl);
    const { scopes, scopeSeparator, pkce, authorizeParameters } = connection.oauth;
    const parameters: Record<string, string> = {
      ...authorizeParameters,
      response_type: "code",
      client_id: prepared.fields.client_id ?? "",
      redirect_uri: start.redirectUri,
      state,
      ...(pkce ? { code_challenge: challenge, code_challenge_method: "S256" } : {}),
      ...(scopes.length > 0 ? { scope: scopes.join(scopeSeparator) } : {}),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);

    const id = newId("cat");
    const secrets: AuthorizationRequestSecrets = {
      authorizeUrl: url.href,
      session: start.session,
      state,
      verifier: pkce ? verifier : undefined,
      redirectUri: start.redirectUri,
      tokenUrl: prepared.tokenUrl,
      revocationUrl: prepared.revocationUrl,
      fields: prepared.fields,
      network,
    };
    await db
      .insertInto("authorization_requests")
      .values((eb) => ({
        id,
        state_hash: hashOf(state),
        external_user_id: start.user,
        app: start.app,
        account_id: start.accountId ?? null,
        name: start.name ?? null,
        encrypted: encryption.encrypt(secrets, encryptedFor.authorizationRequest(id)),
        status: "pending",
        error: null,
        connect_token: start.connectToken ?? null,
        created_at: nowMs(),
        expires_at: eb(nowMs(), "+", LIFE_MS),
      }))
      .execute();
    return { id };
  }

  /** What a browser needs to go on. @throws HostError 404 when it ended, or is not known. */
  async open(id: string): Promise<OpenedRequest> {
    const { db, encryption, apps } = this.#options;
    const row = await db
      .selectFrom("authorization_requests")
      .selectAll()
      .where("id", "=", id)
      .where("status", "=", "pending")
      .where("expires_at", ">", nowMs())
      .executeTakeFirst();
    if (!row)
      throw new HostError(
        404,
        "This sign-in is not known here: it was used already, or took longer than 15 minutes. Close this window and connect again.",
      );
    const { authorizeUrl, session } = encryption.decrypt<AuthorizationRequestSecrets>(
      row.encrypted,
      encryptedFor.authorizationRequest(row.id),
    );
    return {
      id,
      authorizeUrl,
      session,
      connectToken: row.connect_token,
      user: row.external_user_id,
      appName: (await apps.find(row.app))?.name ?? row.app,
    };
  }

  /** The id of the request that a state belongs to, while it waits for its callback. */
  async idOf(state: string): Promise<string | undefined> {
    const row = await this.#options.db
      .selectFrom("authorization_requests")
      .select("id")
      .where("state_hash", "=", hashOf(state))
      .where("status", "=", "pending")
      .executeTakeFirst();
    return row?.id;
  }

  async get(id: string, user: string): Promise<AuthorizationRequestRow & { account?: AccountRow }> {
    const { db } = this.#options;
    const row = await db
      .selectFrom("authorization_requests")
      .selectAll()
      .where("id", "=", id)
      .where("external_user_id", "=", user)
      .executeTakeFirst();
    if (!row) throw notFound("authorization request", id);
    const isOpen = row.status === "pending" || row.status === "exchanging";
    if (isOpen && row.expires_at < (await databaseTime(db))) return { ...row, status: "expired" };
    if (row.status !== "succeeded" || !row.account_id) return row;
    return { ...row, account: await this.#options.accounts.get(row.account_id).catch(() => undefined) };
  }

  async cancel(id: string, user: string): Promise<void> {
    await this.#options.db
      .updateTable("authorization_requests")
      .set({ status: "cancelled", encrypted: "" })
      .where("id", "=", id)
      .where("external_user_id", "=", user)
      .where("status", "=", "pending")
      .execute();
  }

  /** Requests that ended a day ago. */
  async removeOld(): Promise<void> {
    await this.#options.db
      .deleteFrom("authorization_requests")
      .where((eb) => eb("expires_at", "<", eb(nowMs(), "-", KEEP_MS)))
      .execute();
  }

  /** Ends the request the state belongs to. A state serves once. Never rejects for what the other side did. */
  async finish(callback: URL): Promise<CallbackOutcome> {
    const state = callback.searchParams.get("state") ?? "";
    const row = await this.#options.db
      .updateTable("authorization_requests")
      .set({ status: "exchanging" })
      .where("state_hash", "=", hashOf(state))
      .where("status", "=", "pending")
      .where("expires_at", ">", nowMs())
      .returningAll()
      .executeTakeFirst();
    if (!row)
      return {
        error:
          "This sign-in is not known here: it was used already, took longer than 15 minutes, or was started elsewhere. Close this window and connect again.",
      };
    const app = await this.#options.apps.find(row.app);
    try {
      if (!app?.connection)
        throw new HostError(422, `The app "${row.app}" is no longer installed, or no longer described.`);
      const before = row.account_id
        ? await this.#options.accounts.get(row.account_id).catch(() => undefined)
        : undefined;
      const account = await this.#exchange(row, app.connection, callback);
      const notice = before && changeOf(before, account);
      await this.#settle(row.id, "succeeded", notice ?? null, account.id);
      return { account, notice, appName: app.name, request: row };
    } catch (error) {
      await this.#settle(row.id, "failed", messageOf(error), row.account_id);
      return { error: messageOf(error), appName: app?.name, request: row };
    }
  }

  async #exchange(row: AuthorizationRequestRow, usual: Connection, callback: URL): Promise<AccountRow> {
    const { accounts, encryption } = this.#options;
    const secrets = encryption.decrypt<AuthorizationRequestSecrets>(
      row.encrypted,
      encryptedFor.authorizationRequest(row.id),
    );
    const { fields, network } = secrets;
    const connection = usual.through(network);
    const refused = callback.searchParams.get("error");
    if (refused) {
      const errorDescription = callback.searchParams.get("error_description") ?? undefined;
      throw new HostError(
        422,
        await connection.explain(
          "authorize",
          { error: refused, errorDescription },
          fields,
          `The sign-in was refused (${refused}${errorDescription ? `: ${errorDescription}` : ""}).`,
        ),
      );
    }
    let tokens;
    try {
      tokens = await exchangeCode(
        {
          outbound: this.#options.runtime.outbound.through(network),
          tokenUrl: secrets.tokenUrl,
          clientId: fields.client_id ?? "",
          clientSecret: fields.client_secret,
          clientAuthentication: connection.oauth.clientAuthentication,
          parameters: connection.oauth.tokenParameters,
        },
        callback,
        secrets.state,
        secrets.redirectUri,
        secrets.verifier,
      );
    } catch (error) {
      if (!(error instanceof TokenEndpointError)) throw error;
      throw new HostError(422, await connection.explain("token", error.failure, fields, error.message));
    }
    const { shown, secret } = splitFields(kindOf(connection, "authorization_code", row.app), fields);
    const who = await connection.verify({
      ...shown,
      oauth_access_token: tokens.accessToken,
      oauth_client_id: fields.client_id,
      oauth_uid: row.account_id ?? "new",
    });
    const app = await this.#options.apps.find(row.app);
    return accounts.storeConnected({
      id: row.account_id ?? undefined,
      user: row.external_user_id,
      app: row.app,
      person: who?.name ?? `${app?.name ?? row.app} account`,
      ...(who?.uid ? { uid: who.uid } : {}),
      name: row.name ?? undefined,
      fields: shown,
      secretFields: secret,
      tokenUrl: secrets.tokenUrl,
      revocationUrl: secrets.revocationUrl,
      network,
      tokens,
    });
  }

  async #settle(
    id: string,
    status: "succeeded" | "failed",
    error: string | null,
    accountId: string | null,
  ): Promise<void> {
    // The verifier and the client secret have done their work: nothing of them stays.
    await this.#options.db
      .updateTable("authorization_requests")
      .set({ status, error, account_id: accountId, encrypted: "" })
      .where("id", "=", id)
      .execute();
  }
}

/** What is different about an account that was connected again: who signed in, and where. */
function changeOf(before: AccountRow, after: AccountRow): string | undefined {
  const was = { "the user": before.external_id, ...fieldsOf(before) };
  const is: Record<string, string> = { "the user": after.external_id, ...fieldsOf(after) };
  const changes = Object.entries(was)
    .filter(([name, value]) => name !== "client_id" && is[name] !== value)
    .map(([name, value]) => `${name} was ${value} and is ${is[name] ?? "not given"}`);
  if (changes.length === 0) return undefined;
  return `The account "${after.name}" stands for something else now: ${changes.join(", ")}. Everything that uses it goes on with that.`;
}
