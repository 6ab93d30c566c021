import { randomBytes } from "node:crypto";
import { notFound } from "../errors";
import { hashOf, newId } from "../encryption";
import { nowMs, type Database } from "../db/database";

const LIFE_MS = 30 * 24 * 3600_000;
/** A session nobody used for so long is over. */
const IDLE_MS = 7 * 24 * 3600_000;
/** How often a use is written down. */
const USE_NOTED_MS = 60_000;

/** One browser that is signed in to the page. */
export interface PageSession {
  id: string;
  /** What the browser calls itself, for the person who looks through the list. */
  browser: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
}

/** Sessions of the page: 30 days at most, 7 without use. The cookie's value is kept as a hash. */
export class PageSessions {
  constructor(readonly db: Database) {}

  /** @returns the value for the cookie. */
  async begin(browser: string | undefined): Promise<string> {
    const token = randomBytes(32).toString("base64url");
    await this.#deleteEnded();
    await this.db
      .insertInto("page_sessions")
      .values((eb) => ({
        id: newId("ses"),
        token_hash: hashOf(token),
        browser: (browser ?? "").slice(0, 200),
        created_at: nowMs(),
        last_used_at: nowMs(),
        expires_at: eb(nowMs(), "+", LIFE_MS),
      }))
      .execute();
    return token;
  }

  /** The session of a cookie, and notes that it is used; undefined when it is not known, ended, or over. */
  async find(token: string | undefined): Promise<PageSession | undefined> {
    if (!token) return undefined;
    const session = await this.#open().where("token_hash", "=", hashOf(token)).executeTakeFirst();
    if (session)
      await this.db
        .updateTable("page_sessions")
        .set({ last_used_at: nowMs() })
        .where("id", "=", session.id)
        .where((eb) => eb("last_used_at", "<", eb(nowMs(), "-", USE_NOTED_MS)))
        .execute();
    return session;
  }

  /** Whether the session goes on. */
  async isOpen(id: string): Promise<boolean> {
    return (await this.#open().where("id", "=", id).executeTakeFirst()) !== undefined;
  }

  /** All that go on, the last used first. */
  async list(): Promise<PageSession[]> {
    await this.#deleteEnded();
    return this.#open().orderBy("last_used_at", "desc").orderBy("id").execute();
  }

  /** @throws HostError 404 */
  async end(id: string): Promise<void> {
    const ended = await this.db
      .deleteFrom("page_sessions")
      .where("id", "=", id)
      .returning("id")
      .executeTakeFirst();
    if (!ended) throw notFound("session", id);
  }

  /** Ends all but one. */
  async endOthers(id: string | undefined): Promise<void> {
    await this.db
      .deleteFrom("page_sessions")
      .where("id", "<>", id ?? "")
      .execute();
  }

  #open() {
    return this.db
      .selectFrom("page_sessions")
      .select(["id", "browser", "created_at", "last_used_at", "expires_at"])
      .where("expires_at", ">", nowMs())
      .where((eb) => eb("last_used_at", ">", eb(nowMs(), "-", IDLE_MS)));
  }

  async #deleteEnded(): Promise<void> {
    await this.db
      .deleteFrom("page_sessions")
      .where((eb) =>
        eb.or([eb("expires_at", "<=", nowMs()), eb("last_used_at", "<=", eb(nowMs(), "-", IDLE_MS))]),
      )
      .execute();
  }
}
