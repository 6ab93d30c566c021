import { dropOldest } from "../store/drop-oldest";
import { randomBytes } from "node:crypto";

/** A cookie session: of a person on the pages, or of a client that made an authenticated API call. */
export interface CookieSession {
  id: string;
  userId: string;
  /** Sent back by cookie-only API calls and by the forms of the pages, against cross-site requests. */
  userToken: string;
  used: number;
}

const life = 1_800_000;
const most = 5000;

/** Sessions by cookie. They end after half an hour without use, and with the process. */
export class Sessions {
  readonly #sessions = new Map<string, CookieSession>();

  constructor(readonly now: () => number) {}

  create(userId: string): CookieSession {
    if (this.#sessions.size >= most) dropOldest(this.#sessions);
    // One call: most API clients send no cookie, so that each of their requests begins a session.
    const random = randomBytes(52).toString("hex");
    const session = {
      id: random.slice(0, 32).toUpperCase(),
      userId,
      userToken: random.slice(32),
      used: this.now(),
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  fromCookies(header: string | undefined): CookieSession | undefined {
    const id = /(?:^|;\s*)JSESSIONID=([0-9A-F]{32})/.exec(header ?? "")?.[1];
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (!session) return undefined;
    if (this.now() - session.used > life) {
      this.#sessions.delete(session.id);
      return undefined;
    }
    session.used = this.now();
    return session;
  }

  end(session: CookieSession): void {
    this.#sessions.delete(session.id);
  }
}

/** The cookies that come with a new session. */
export function sessionCookies(session: CookieSession): string[] {
  return [
    `JSESSIONID=${session.id}; Path=/; HttpOnly; SameSite=Lax`,
    `glide_user_route=glide.${session.id.toLowerCase()}; Path=/; HttpOnly; SameSite=Lax`,
    `glide_session_store=${session.userToken.slice(0, 32).toUpperCase()}; Max-Age=1800; Path=/; HttpOnly; SameSite=Lax`,
  ];
}
