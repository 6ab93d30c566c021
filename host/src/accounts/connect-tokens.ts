import { randomBytes } from "node:crypto";
import { encryptedFor } from "../encrypted-for";
import { hashOf, type Encryption } from "../encryption";
import { nowMs, type Database } from "../db/database";

const LIFE_MS = 4 * 3600_000;
const KEEP_MS = 24 * 3600_000;

export interface ConnectTokenRequest {
  external_user_id: string;
  allowed_origins?: string[] | null | undefined;
  success_redirect_uri?: string | null | undefined;
  error_redirect_uri?: string | null | undefined;
  webhook_uri?: string | null | undefined;
  /** Seconds; four hours at most. */
  expires_in?: number | null | undefined;
}

/** What a connect token stands for. */
export interface ConnectSession {
  tokenHash: string;
  user: string;
  /** Sites that may use it; none named means any. */
  allowedOrigins: string[];
  successUrl: string | null;
  errorUrl: string | null;
}

/** What is told to a token's webhook once a person has connected an account with it, or was refused. */
export type ConnectionReport =
  | { event: "CONNECTION_SUCCESS"; account: Record<string, unknown> }
  | { event: "CONNECTION_ERROR"; error: string };

/** Connect tokens: each lets one user's browser connect accounts, for four hours at most. Kept as hashes. */
export class ConnectTokens {
  constructor(
    readonly db: Database,
    readonly encryption: Encryption,
    readonly post: (url: string, body: string) => Promise<void>,
  ) {}

  async create(asked: ConnectTokenRequest): Promise<{ token: string; expiresAt: Date }> {
    const token = `ctok_${randomBytes(24).toString("hex")}`;
    const tokenHash = hashOf(token);
    const life = Math.min(LIFE_MS, Math.ceil((asked.expires_in ?? Infinity) * 1000));
    const { expires_at } = await this.db
      .insertInto("connect_tokens")
      .values((eb) => ({
        token_hash: tokenHash,
        external_user_id: asked.external_user_id,
        allowed_origins: JSON.stringify(asked.allowed_origins ?? []),
        success_redirect_uri: asked.success_redirect_uri ?? null,
        error_redirect_uri: asked.error_redirect_uri ?? null,
        encrypted_webhook_uri: asked.webhook_uri
          ? this.encryption.encrypt(asked.webhook_uri, encryptedFor.connectTokenWebhook(tokenHash))
          : null,
        // The webhook's receiver knows its token by the token itself.
        encrypted_token: asked.webhook_uri
          ? this.encryption.encrypt(token, encryptedFor.connectToken(tokenHash))
          : null,
        session_id: `cs_${randomBytes(9).toString("base64url")}`,
        created_at: nowMs(),
        expires_at: eb(nowMs(), "+", life),
      }))
      .returning("expires_at")
      .executeTakeFirstOrThrow();
    return { token, expiresAt: new Date(expires_at) };
  }

  /** Tokens that have ended. */
  async removeOld(): Promise<void> {
    await this.db
      .deleteFrom("connect_tokens")
      .where((eb) => eb("expires_at", "<", eb(nowMs(), "-", KEEP_MS)))
      .execute();
  }

  /** Whether a token that was found before goes on being valid. */
  async isValid(tokenHash: string): Promise<boolean> {
    const row = await this.db
      .selectFrom("connect_tokens")
      .select("token_hash")
      .where("token_hash", "=", tokenHash)
      .where("expires_at", ">", nowMs())
      .executeTakeFirst();
    return row !== undefined;
  }

  async find(token: string): Promise<ConnectSession | undefined> {
    const row = await this.db
      .selectFrom("connect_tokens")
      .selectAll()
      .where("token_hash", "=", hashOf(token))
      .where("expires_at", ">", nowMs())
      .executeTakeFirst();
    return (
      row && {
        tokenHash: row.token_hash,
        user: row.external_user_id,
        allowedOrigins: JSON.parse(row.allowed_origins) as string[],
        successUrl: row.success_redirect_uri,
        errorUrl: row.error_redirect_uri,
      }
    );
  }

  /** Reports to the token's webhook, if it has one, through the queue of deliveries. */
  async report(tokenHash: string, outcome: ConnectionReport): Promise<void> {
    const row = await this.db
      .selectFrom("connect_tokens")
      .selectAll()
      .where("token_hash", "=", tokenHash)
      .executeTakeFirst();
    if (!row?.encrypted_webhook_uri || row.encrypted_token === null) return;
    const { event, ...rest } = outcome;
    const body = {
      event,
      connect_token: this.encryption.decrypt<string>(
        row.encrypted_token,
        encryptedFor.connectToken(tokenHash),
      ),
      environment: "development",
      connect_session_id: row.session_id,
      ...rest,
    };
    const url = this.encryption.decrypt<string>(
      row.encrypted_webhook_uri,
      encryptedFor.connectTokenWebhook(tokenHash),
    );
    await this.post(url, JSON.stringify(body));
  }
}
