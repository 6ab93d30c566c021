import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { databaseTime, nowMs, type Database } from "../db/database";
import { QUEUE, WAITED_FOR, type ClaimedJob, type JobQueue } from "../db/queue";
import type { AccountRow } from "../db/schema";
import type { Encryption } from "../encryption";
import { HostError } from "../errors";
import type { Runtime } from "../execution/runtime";
import {
  decryptSecrets,
  encryptSecrets,
  fieldsOf,
  getAccount,
  lifeOf,
  type AccountSecrets,
} from "./account-rows";
import type { Apps } from "./apps/apps";
import { kindOf } from "./connection";
import { refreshTokens, TokenEndpointError, type OAuthClient, type Tokens } from "./oauth-client";

export interface TokenRefreshServices {
  db: Database;
  queue: JobQueue;
  encryption: Encryption;
  apps: Apps;
  runtime: Runtime;
}

const WAIT_MS = 35_000;
const LOOK_MS = 25;
/** After a token address that did not answer. */
const RETRY_MS = 15_000;
/** A token that ends sooner is not worth a try. */
const USEFUL_MS = 5000;

/** Refreshes tokens before they end. One job an account does it, once for all processes that need it. */
export class TokenRefresh {
  readonly #services: TokenRefreshServices;

  constructor(services: TokenRefreshServices) {
    this.#services = services;
  }

  /** Sees that the account's token is refreshed in time. */
  async plan(row: Pick<AccountRow, "id" | "refresh_at">): Promise<void> {
    const { db, queue } = this.#services;
    if (row.refresh_at === null) return;
    const startAfter = row.refresh_at;
    await db.transaction().execute((tx) => queue.upsert(tx, QUEUE.tokenRefresh, row.id, { startAfter }));
  }

  /** The account with a token that is good for a while. @throws HostError in words when there is none to be had. */
  async fresh(row: AccountRow): Promise<AccountRow> {
    const { db, queue } = this.#services;
    const now = await databaseTime(db);
    if (!isDue(row, now)) return row;
    await db
      .transaction()
      .execute((tx) => queue.upsert(tx, QUEUE.tokenRefresh, row.id, { priority: WAITED_FOR }));
    for (const until = performance.now() + WAIT_MS; performance.now() < until; await delay(LOOK_MS)) {
      const present = await getAccount(db, row.id);
      if (!present) throw new HostError(404, `The account "${row.name}" was deleted.`);
      if (present.needs_reconnect) throw reconnect(present);
      if (!isDue(present, now)) return present;
      if (present.refresh_attempts === row.refresh_attempts) continue;
      if (present.refresh_at !== 0 && (present.expires_at ?? 0) > now + USEFUL_MS) return present;
      throw new HostError(
        400,
        `The token of the account "${row.name}" could not be refreshed. ${present.error ?? ""}`.trim(),
      );
    }
    throw new HostError(
      400,
      `The token of the account "${row.name}" is being refreshed and no answer has come. Try again.`,
    );
  }

  /** Refreshes what is due, and plans the next time. */
  async run(job: ClaimedJob): Promise<void> {
    const { db, queue } = this.#services;
    const id = job.singletonKey ?? "";
    const row = await getAccount(db, id);
    if (row && !row.needs_reconnect && isDue(row, await databaseTime(db))) await this.#refresh(row);
    await db.transaction().execute(async (tx) => {
      const after = await tx
        .selectFrom("accounts")
        .selectAll()
        .select(sql<number>`now_ms()`.as("now"))
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst();
      if (!(await queue.finish(tx, job))) return;
      if (!after || after.needs_reconnect || after.refresh_at === null) return;
      const startAfter = isDue(after, after.now) ? after.now + RETRY_MS : after.refresh_at;
      await queue.upsert(tx, QUEUE.tokenRefresh, id, { startAfter });
    });
  }

  /** For accounts whose job is missing. */
  async makeMissingJobs(): Promise<void> {
    const { db, queue } = this.#services;
    const rows = await db
      .selectFrom("accounts")
      .select(["id", "refresh_at"])
      .where("auth_type", "=", "oauth")
      .where("needs_reconnect", "=", false)
      .where("refresh_at", "is not", null)
      .execute();
    const missing = new Set(
      await queue.withoutJob(
        db,
        QUEUE.tokenRefresh,
        rows.map(({ id }) => id),
      ),
    );
    for (const row of rows) if (missing.has(row.id)) await this.plan(row);
  }

  /** As whom and where the account's tokens are asked for. */
  async clientOf(row: AccountRow): Promise<OAuthClient> {
    const oauth = (await this.#services.apps.find(row.app))?.connection?.oauth;
    const fields = fieldsOf(row);
    const { network } = decryptSecrets(this.#services.encryption, row);
    return {
      outbound: this.#services.runtime.outbound.through(network),
      tokenUrl: row.token_url ?? "",
      revocationUrl: row.revocation_url ?? undefined,
      clientId: fields.client_id ?? "",
      clientSecret: decryptSecrets(this.#services.encryption, row).fields.client_secret,
      clientAuthentication: oauth?.clientAuthentication ?? "body",
      ...(oauth ? { parameters: oauth.tokenParameters } : {}),
    };
  }

  async #refresh(row: AccountRow): Promise<void> {
    const secrets = decryptSecrets(this.#services.encryption, row);
    try {
      if (row.auth_kind !== "authorization_code") return await this.#signInAgain(row, secrets);
      if (!secrets.refreshToken)
        throw new TokenEndpointError(
          { error: "invalid_grant" },
          "The server gave no refresh token, and the access token has ended.",
        );
      await this.#store(row, secrets, await refreshTokens(await this.clientOf(row), secrets.refreshToken));
    } catch (error) {
      if (!(error instanceof TokenEndpointError)) throw error;
      await this.#storeFailure(row, secrets, error);
    }
  }

  /** Ways without a browser have no refresh token: their fields get a new access token. */
  async #signInAgain(row: AccountRow, secrets: AccountSecrets): Promise<void> {
    const { apps } = this.#services;
    try {
      const connection = (await apps.connectionOf(row.app)).through(secrets.network);
      const kind = kindOf(connection, row.auth_kind, row.app);
      const { tokens } = await connection.signIn(kind, { ...fieldsOf(row), ...secrets.fields });
      if (tokens) await this.#store(row, secrets, tokens);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const status = typeof error.details.status === "number" ? error.details.status : undefined;
      throw new TokenEndpointError(
        { error: error.message, ...(status === undefined ? {} : { status }) },
        error.message,
      );
    }
  }

  async #store(row: AccountRow, secrets: AccountSecrets, tokens: Tokens): Promise<void> {
    const { db, encryption } = this.#services;
    await db
      .updateTable("accounts")
      .set((eb) => ({
        encrypted: encryptSecrets(encryption, row, {
          ...secrets,
          accessToken: tokens.accessToken,
          refreshToken: tokens.refreshToken ?? secrets.refreshToken,
        }),
        ...lifeOf(tokens.expiresIn),
        refresh_attempts: eb("refresh_attempts", "+", 1),
        healthy: true,
        needs_reconnect: false,
        error: null,
        updated_at: nowMs(),
      }))
      .where("id", "=", row.id)
      .execute();
  }

  /** A refused grant ends the account until it is connected again; an unreachable server is only a delay. */
  async #storeFailure(row: AccountRow, secrets: AccountSecrets, error: TokenEndpointError): Promise<void> {
    const { db, apps } = this.#services;
    const connection = (await apps.find(row.app))?.connection;
    const words =
      connection && row.auth_kind === "authorization_code"
        ? await connection.explain(
            "refresh",
            error.failure,
            { ...fieldsOf(row), ...secrets.fields },
            error.message,
          )
        : error.message;
    await db
      .updateTable("accounts")
      .set((eb) => ({
        healthy: false,
        needs_reconnect: error.final,
        error: words,
        refresh_attempts: eb("refresh_attempts", "+", 1),
        updated_at: nowMs(),
      }))
      .where("id", "=", row.id)
      // Connected again meanwhile: this failure is about tokens that are gone.
      .where("encrypted", "=", row.encrypted)
      .execute();
  }
}

export function reconnect(row: AccountRow): HostError {
  return new HostError(400, `The account "${row.name}" must be connected again. ${row.error ?? ""}`.trim());
}

function isDue(row: AccountRow, now: number): boolean {
  return row.auth_type === "oauth" && row.refresh_at !== null && row.refresh_at <= now;
}
