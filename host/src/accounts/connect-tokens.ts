import { randomBytes } from "node:crypto";
import { hashOf, type Encryption } from "../encryption";
import type { Database } from "../db/database";

const LIFE_MS = 4 * 3600_000;

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

interface TokenRow {
  token_hash: string;
  external_user_id: string;
  allowed_origins: string;
  success_redirect_uri: string | null;
  error_redirect_uri: string | null;
  webhook_uri: string | null;
  sealed_token: string | null;
  session_id: string | null;
}

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
    const now = Date.now();
    const expires = now + Math.min(LIFE_MS, Math.ceil((asked.expires_in ?? Infinity) * 1000));
    await this.db.query("delete from connect_tokens where expires_at < $1", [now]);
    await this.db.query(
      `insert into connect_tokens (token_hash, external_user_id, allowed_origins, success_redirect_uri,
         error_redirect_uri, webhook_uri, created_at, expires_at, sealed_token, session_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        tokenHash,
        asked.external_user_id,
        JSON.stringify(asked.allowed_origins ?? []),
        asked.success_redirect_uri ?? null,
        asked.error_redirect_uri ?? null,
        asked.webhook_uri ?? null,
        now,
        expires,
        // The webhook's receiver knows its token by the token itself.
        asked.webhook_uri ? this.encryption.encrypt(token, `connect token ${tokenHash}`) : null,
        `cs_${randomBytes(9).toString("base64url")}`,
      ],
    );
    return { token, expiresAt: new Date(expires) };
  }

  async find(token: string): Promise<ConnectSession | undefined> {
    const [row] = await this.db.query<TokenRow>(
      "select * from connect_tokens where token_hash = $1 and expires_at > $2",
      [hashOf(token), Date.now()],
    );
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
    const [row] = await this.db.query<TokenRow>(
      "select * from connect_tokens where token_hash = $1 and webhook_uri is not null",
      [tokenHash],
    );
    if (!row?.webhook_uri || row.sealed_token === null) return;
    const { event, ...rest } = outcome;
    const body = {
      event,
      connect_token: this.encryption.decrypt<string>(row.sealed_token, `connect token ${tokenHash}`),
      environment: "development",
      connect_session_id: row.session_id,
      ...rest,
    };
    await this.post(row.webhook_uri, JSON.stringify(body));
  }
}
