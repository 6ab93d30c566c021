const tooMany = { error: { message: "Rate limit exceeded", detail: null }, status: "failure" };
const unavailable = { error: { message: "unavailable", detail: null }, status: "failure" };

/** Counts the requests of a user, and strikes none. */
export const COUNTER = "requests of ";

interface Kind {
  /** Its part of the share of requests. */
  weight: number;
  /** What happens to a request; `later` is the instance's time in four seconds, as a `Retry-After` says it. */
  effect: (later: string) => Record<string, unknown>;
}

const limited = (retryAfter?: string) => ({
  status: 429,
  body: tooMany,
  ...(retryAfter === undefined ? {} : { headers: { "Retry-After": retryAfter } }),
});

const KINDS = {
  "429": { weight: 1 / 2, effect: () => limited() },
  "429 for 3 s": { weight: 1 / 2, effect: () => limited("3") },
  "429 until a date": { weight: 1 / 2, effect: (later) => limited(later) },
  "429 for longer than a poll waits": { weight: 1 / 4, effect: () => limited("120") },
  "503": { weight: 1, effect: () => ({ status: 503, body: unavailable }) },
  reset: { weight: 1, effect: () => ({ reset: "before" }) },
  "reset inside": { weight: 1, effect: () => ({ reset: "during" }) },
  "cut off": { weight: 1, effect: () => ({ cutAfterBytes: 700 }) },
  html: { weight: 1 / 2, effect: () => ({ page: "hibernation" }) },
  "broken 200": { weight: 1 / 2, effect: () => ({ brokenQuota: true }) },
  "200 with an error": { weight: 1 / 2, effect: () => ({ quotaResult: "empty" }) },
  slow: { weight: 1, effect: () => ({ delayMs: 150 }) },
  revoked: { weight: 1 / 4, effect: () => ({ revokeToken: true }) },
} satisfies Record<string, Kind>;

export type FaultKind = keyof typeof KINDS;
export const FAULT_KINDS = Object.keys(KINDS) as readonly FaultKind[];

/**
 * What goes wrong for the poller's accounts; the writer and the baseline cursors are spared. `share`: of their requests, for each kind of
 * fault. `now`: the instance's time, for a `Retry-After` that is a date. The ids are the kind and the user.
 */
export function faultPlan(
  users: readonly string[],
  share: number,
  now: number,
  kinds: readonly FaultKind[],
): Record<string, unknown>[] {
  const later = new Date((now + 4) * 1000).toUTCString();
  return [
    LATE_COMMIT,
    ...users.map((user) => ({ id: `${COUNTER}${user}`, match: { user }, share: 0 })),
    ...users.flatMap((user) =>
      kinds.map((kind) => ({
        id: `${kind} | ${user}`,
        match: { user, path: "/api/now/table/" },
        share: share * KINDS[kind].weight,
        ...KINDS[kind].effect(later),
      })),
    ),
  ];
}

/** The writer asks for it: a commit that others see half a minute after its stamp. */
const LATE_COMMIT = {
  id: "late commit",
  match: { method: "PATCH", query: "sysparm_torture=late" },
  commitDelaySeconds: 30,
};
