import { randomBytes } from "node:crypto";
import { hashOf } from "../encryption";
import { nowMs, type Database } from "../db/database";

export const LINK_LIFE_MS = 10 * 60_000;

/** One-time links that sign a browser in to the page. The code is kept as a hash. */
export class SignInLinks {
  constructor(readonly db: Database) {}

  /** A code for one sign-in; ten minutes unless a shorter life is asked for. */
  async create(lifeMs = LINK_LIFE_MS): Promise<{ code: string; expiresAt: number }> {
    const code = randomBytes(24).toString("base64url");
    await this.db.deleteFrom("sign_in_links").where("expires_at", "<=", nowMs()).execute();
    const { expires_at } = await this.db
      .insertInto("sign_in_links")
      .values((eb) => ({
        code_hash: hashOf(code),
        expires_at: eb(nowMs(), "+", Math.min(lifeMs, LINK_LIFE_MS)),
      }))
      .returning("expires_at")
      .executeTakeFirstOrThrow();
    return { code, expiresAt: expires_at };
  }

  /** Whether the code was good. It is not good again, also when two browsers use it at the same moment. */
  async use(code: string): Promise<boolean> {
    const used = await this.db
      .deleteFrom("sign_in_links")
      .where("code_hash", "=", hashOf(code))
      .returning((eb) => eb("expires_at", ">", nowMs()).as("good"))
      .executeTakeFirst();
    return used?.good === true;
  }
}

export function signInAddress(origin: string, code: string): string {
  return `${origin}/sign-in?code=${code}`;
}
