import { Random } from "../ids/random";

/** One planned failure: which requests it hits, how often, and what it does to them. */
export interface Fault {
  /** A name for the log. */
  id?: string;
  /** All that are given must fit. `path` and `query` are regular expressions over the path and the raw query string. */
  match?: { path?: string; method?: string | string[]; table?: string; user?: string; query?: string };
  /** Share of the matching requests that are hit, 0 to 1. Default 1. */
  share?: number;
  /** Hits at most so many requests. */
  count?: number;
  /** Lets so many matching requests pass first. */
  after?: number;
  /** Answers with this status, headers and body instead of doing the work. */
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** The work is done and committed all the same; only its answer is replaced by the status or the page. */
  afterWork?: boolean;
  /** Answers with one of the pages that are no API answer. */
  page?: "hibernation" | "waking" | "maintenance" | "login";
  /** Waits before the work. */
  delayMs?: number;
  /** Closes the connection: before the work, in the middle of the answer, or after the work is committed. */
  reset?: "before" | "during" | "after";
  /** Ends the answer after so many bytes, cleanly, so that the body is cut off. */
  cutAfterBytes?: number;
  /** The broken answer of a transaction that ran into its quota while streaming: status 200, no JSON. */
  brokenQuota?: boolean;
  /** The valid answer of such a transaction: status 200, with `result` (`"empty"`: without a row) and `error` side by side. */
  quotaResult?: boolean | "empty";
  /** The write becomes visible so many seconds after its timestamp. */
  commitDelaySeconds?: number;
  /** Expires the access token of the request before it is looked at; with `grant`, the refresh token as well. */
  revokeToken?: boolean | "grant";
  /** Removes rows of the page as row ACLs would: all, or this share of them. */
  hideRows?: number;
  /** Moves the Date header by so many seconds. */
  dateSkewSeconds?: number;
}

const keys: Record<keyof Fault, true> = {
  id: true,
  match: true,
  share: true,
  count: true,
  after: true,
  status: true,
  headers: true,
  body: true,
  afterWork: true,
  page: true,
  delayMs: true,
  reset: true,
  cutAfterBytes: true,
  brokenQuota: true,
  quotaResult: true,
  commitDelaySeconds: true,
  revokeToken: true,
  hideRows: true,
  dateSkewSeconds: true,
};

/** What a plan looks at in a request. */
export interface Target {
  method: string;
  path: string;
  query: string;
  table: string | undefined;
  user: string | undefined;
}

interface Armed {
  fault: Fault & { id: string };
  path: RegExp | undefined;
  query: RegExp | undefined;
  seen: number;
  hits: number;
}

/** Decides which faults hit a request. Repeatable: the same seed and order of requests give the same hits. */
export class FaultPlan {
  #armed: Armed[] = [];
  #random = new Random(1);

  /** @throws Error that names the fault whose pattern or key is wrong. */
  set(faults: Fault[], seed: number): void {
    const armed = faults.map((fault, at) => {
      const name = fault.id ?? `number ${at + 1}`;
      const unknown = Object.keys(fault).find((key) => !Object.hasOwn(keys, key));
      if (unknown !== undefined)
        throw new Error(
          `Fault ${name}: there is no key "${unknown}". Known keys: ${Object.keys(keys).join(", ")}.`,
        );
      try {
        return {
          fault: { ...fault, id: fault.id ?? `fault-${at + 1}` },
          path: fault.match?.path === undefined ? undefined : new RegExp(fault.match.path),
          query: fault.match?.query === undefined ? undefined : new RegExp(fault.match.query),
          seen: 0,
          hits: 0,
        };
      } catch (error) {
        throw new Error(`Fault ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
    this.#armed = armed;
    this.#random = new Random(seed);
  }

  get empty(): boolean {
    return this.#armed.length === 0;
  }

  /** How often each fault was seen and how often it hit. */
  report(): { id: string; seen: number; struck: number }[] {
    return this.#armed.map(({ fault, seen, hits }) => ({ id: fault.id, seen, struck: hits }));
  }

  /** The faults that hit this request. */
  faultsFor(target: Target): Fault[] {
    const hits: Fault[] = [];
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (!matches(armed, target)) continue;
      armed.seen += 1;
      if (armed.seen <= (fault.after ?? 0)) continue;
      if (armed.hits >= (fault.count ?? Infinity)) continue;
      if (fault.share !== undefined && this.#random.next() >= fault.share) continue;
      armed.hits += 1;
      hits.push(fault);
    }
    return hits;
  }

  /** Whether a row is hidden from a page, for faults that hide a share of the rows. */
  hides(share: number): boolean {
    return share >= 1 || this.#random.next() < share;
  }
}

function matches({ fault: { match }, path, query }: Armed, target: Target): boolean {
  if (!match) return true;
  const methods = match.method === undefined ? undefined : [match.method].flat();
  if (methods && !methods.some((method) => method.toUpperCase() === target.method)) return false;
  if (match.table !== undefined && match.table !== target.table) return false;
  if (match.user !== undefined && match.user !== target.user) return false;
  return (!path || path.test(target.path)) && (!query || query.test(target.query));
}
