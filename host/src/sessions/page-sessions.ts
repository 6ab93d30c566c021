import { randomBytes } from "node:crypto";
import { notFound } from "../errors";
import { hashOf, newId } from "../encryption";
import type { Database } from "../db/database";

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
    const now = Date.now();
    await this.#deleteEnded(now);
    await this.db.query(
      `insert into page_sessions (id, token_hash, browser, created_at, last_used_at, expires_at)
       values ($1, $2, $3, $4, $4, $5)`,
      [newId("ses"), hashOf(token), (browser ?? "").slice(0, 200), now, now + LIFE_MS],
    );
    return token;
  }

  /** The session of a cookie, and notes that it is used; undefined when it is not known, ended, or over. */
  async find(token: string | undefined): Promise<PageSession | undefined> {
    if (!token) return undefined;
    const now = Date.now();
    const [session] = await this.db.query<PageSession>(
      "select id, browser, created_at, last_used_at, expires_at from page_sessions where token_hash = $1 and expires_at > $2 and last_used_at > $3",
      [hashOf(token), now, now - IDLE_MS],
    );
    if (session && session.last_used_at < now - USE_NOTED_MS)
      await this.db.query("update page_sessions set last_used_at = $2 where id = $1", [session.id, now]);
    return session;
  }

  /** Whether the session goes on. */
  async isOpen(id: string): Promise<boolean> {
    const now = Date.now();
    const [row] = await this.db.query(
      "select id from page_sessions where id = $1 and expires_at > $2 and last_used_at > $3",
      [id, now, now - IDLE_MS],
    );
    return row !== undefined;
  }

  /** All that go on, the last used first. */
  async list(): Promise<PageSession[]> {
    await this.#deleteEnded(Date.now());
    return this.db.query<PageSession>(
      "select id, browser, created_at, last_used_at, expires_at from page_sessions order by last_used_at desc, id",
    );
  }

  /** @throws HostError 404 */
  async end(id: string): Promise<void> {
    const [ended] = await this.db.query("delete from page_sessions where id = $1 returning id", [id]);
    if (!ended) throw notFound("session", id);
  }

  /** Ends all but one. */
  async endOthers(id: string | undefined): Promise<void> {
    await this.db.query("delete from page_sessions where id <> $1", [id ?? ""]);
  }

  async #deleteEnded(now: number): Promise<void> {
    await this.db.query("delete from page_sessions where expires_at <= $1 or last_used_at <= $2", [
      now,
      now - IDLE_MS,
    ]);
  }
}
