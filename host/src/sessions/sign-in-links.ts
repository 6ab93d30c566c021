import { randomBytes } from "node:crypto";
import { hashOf } from "../encryption";
import type { Database } from "../db/database";

export const LINK_LIFE_MS = 10 * 60_000;

/** One-time links that sign a browser in to the page. The code is kept as a hash. */
export class SignInLinks {
  constructor(readonly db: Database) {}

  /** A code for one sign-in; ten minutes unless a shorter life is asked for. */
  async create(lifeMs = LINK_LIFE_MS): Promise<{ code: string; expiresAt: number }> {
    const code = randomBytes(24).toString("base64url");
    const now = Date.now();
    const expiresAt = now + Math.min(lifeMs, LINK_LIFE_MS);
    await this.db.query("delete from sign_in_links where expires_at <= $1", [now]);
    await this.db.query("insert into sign_in_links (code_hash, expires_at) values ($1, $2)", [
      hashOf(code),
      expiresAt,
    ]);
    return { code, expiresAt };
  }

  /** Whether the code was good. It is not good again, also when two browsers use it at the same moment. */
  async use(code: string): Promise<boolean> {
    const [used] = await this.db.query(
      "delete from sign_in_links where code_hash = $1 returning expires_at > $2 as good",
      [hashOf(code), Date.now()],
    );
    return used?.good === true;
  }
}

export function signInAddress(origin: string, code: string): string {
  return `${origin}/sign-in?code=${code}`;
}
