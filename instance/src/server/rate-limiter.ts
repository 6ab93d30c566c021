import type { Instance } from "../core/instance";
import type { Authenticated } from "../auth/authenticate";
import { ApiError } from "../core/errors";

/** Rate limit rules, semaphores and the order within a cookie session. */
export class RateLimiter {
  readonly #counts = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #sessions = new Map<string, { running: boolean; waiting: (() => void)[] }>();
  #running = 0;

  constructor(readonly instance: Instance) {}

  /**
   * Counts a request against the rule that fits it and returns the headers that tell about it.
   *
   * @throws ApiError 429 with Retry-After when the hour's share is used up
   */
  admit(who: Authenticated, path: string): Record<string, string> {
    const rule = this.#ruleFor(who, path);
    if (!rule) return {};
    const hour = 3_600_000;
    const now = this.instance.clock.now();
    const window = Math.floor(now / hour);
    const reset = (window + 1) * hour;
    const key = `${rule.id} ${who.user.sysId} ${window}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (this.#counts.size > 5000) this.#counts.clear();
    this.#counts.set(key, count);
    const headers = {
      "X-RateLimit-Limit": String(rule.limit),
      "X-RateLimit-Reset": String(Math.floor(reset / 1000)),
      "X-RateLimit-Rule": rule.id,
    };
    if (count <= rule.limit) return headers;
    throw new ApiError(
      429,
      "Rate limit exceeded",
      `Rate limit of ${rule.limit} requests per hour for ${rule.resource} exceeded`,
      { ...headers, "Retry-After": String(Math.max(1, Math.ceil((reset - now) / 1000))) },
    );
  }

  /**
   * Waits for a semaphore, and for the session's other calls. Call what it returns when the work is done.
   *
   * @throws ApiError 429 when too many wait already, 202 when too many of the same session do
   */
  async enter(who: Authenticated): Promise<() => void> {
    const { semaphores, semaphoreQueue, sessionQueue } = this.instance.config;
    const leaveSession =
      sessionQueue > 0 && who.cookie ? await this.#enterSession(who.cookie.id, sessionQueue) : undefined;
    if (semaphores > 0) {
      if (this.#running >= semaphores) {
        if (this.#waiting.length >= semaphoreQueue) {
          leaveSession?.();
          throw new ApiError(429, "Too many requests", "Maximum number of queued API requests reached");
        }
        await new Promise<void>((go) => this.#waiting.push(go));
      } else this.#running += 1;
    }
    return () => {
      if (semaphores > 0) {
        const next = this.#waiting.shift();
        if (next) next();
        else this.#running -= 1;
      }
      leaveSession?.();
    };
  }

  async #enterSession(id: string, most: number): Promise<() => void> {
    let session = this.#sessions.get(id);
    if (!session) this.#sessions.set(id, (session = { running: false, waiting: [] }));
    const mine = session;
    if (mine.running) {
      if (mine.waiting.length >= most)
        throw new ApiError(202, "Request accepted", "Another transaction of this session is running");
      await new Promise<void>((go) => mine.waiting.push(go));
    }
    mine.running = true;
    return () => {
      const next = mine.waiting.shift();
      if (next) next();
      else {
        mine.running = false;
        this.#sessions.delete(id);
      }
    };
  }

  /** A rule for the user comes before one for a role, and that before one for everybody; of several roles the lowest counts. */
  #ruleFor(who: Authenticated, path: string): { id: string; limit: number; resource: string } | undefined {
    const rules = this.#rules().filter((rule) => path.includes(rule.path));
    const mine = rules.filter((rule) => rule.type === "user" && rule.user === who.user.sysId);
    const roles = rules
      .filter((rule) => rule.type === "role" && rule.role !== undefined && who.user.roles.has(rule.role))
      .sort((a, b) => a.limit - b.limit);
    return mine[0] ?? roles[0] ?? rules.find((rule) => rule.type === "all");
  }

  #cache: { version: number; rules: ReturnType<typeof readRules> } | undefined;

  #rules(): ReturnType<typeof readRules> {
    const version = this.instance.store.version("sys_rate_limit_rules");
    if (this.#cache?.version !== version) this.#cache = { version, rules: readRules(this.instance) };
    return this.#cache.rules;
  }
}

const resources: Record<string, string> = {
  "Table API": "/table/",
  "Aggregate API": "/stats/",
  "Attachment API": "/attachment",
  "Batch API": "/batch",
  "Import Set API": "/import/",
};

function readRules(instance: Instance): {
  id: string;
  limit: number;
  resource: string;
  path: string;
  type: string;
  user: string;
  role: string | undefined;
}[] {
  return instance.store.all("SELECT * FROM sys_rate_limit_rules WHERE active = 1").map((row) => {
    const resource = String(row.rest_resource ?? "Table API");
    return {
      id: String(row.sys_id),
      limit: Number(row.request_limit_per_hour ?? 0),
      resource,
      path: resources[resource] ?? resource,
      type: String(row.type ?? "all"),
      user: String(row.user ?? ""),
      role: row.role === null ? undefined : instance.displays.of("sys_user_role", String(row.role)),
    };
  });
}
