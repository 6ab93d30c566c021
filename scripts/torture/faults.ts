const tooMany = { error: { message: "Rate limit exceeded", detail: null }, status: "failure" };

/** Counts the requests of a user, and strikes none. */
export const COUNTER = "requests of ";

/**
 * What goes wrong for the poller's accounts; the writer and the baseline cursors are spared. `share`: of their requests, for each kind of
 * fault. `now`: the instance's time, for a `Retry-After` that is a date.
 */
export function faultPlan(users: readonly string[], share: number, now: number): Record<string, unknown>[] {
  const inFourSeconds = new Date((now + 4) * 1000).toUTCString();
  return [
    { id: "late commit", match: { method: "PATCH", query: "sysparm_torture=late" }, commitDelaySeconds: 30 },
    ...users.flatMap((user) => {
      const match = { user, path: "/api/now/table/" };
      const later = (retryAfter: string) => ({
        match,
        status: 429,
        headers: { "Retry-After": retryAfter },
        body: tooMany,
      });
      return [
        { id: `${COUNTER}${user}`, match: { user }, share: 0 },
        { id: `429 ${user}`, match, share: share / 2, status: 429, body: tooMany },
        { id: `429 for 3 s ${user}`, share: share / 2, ...later("3") },
        { id: `429 until a date ${user}`, share: share / 2, ...later(inFourSeconds) },
        { id: `429 for longer than a poll waits ${user}`, share: share / 4, ...later("120") },
        {
          id: `503 ${user}`,
          match,
          share,
          status: 503,
          body: { error: { message: "unavailable", detail: null }, status: "failure" },
        },
        { id: `reset ${user}`, match, share, reset: "before" },
        { id: `reset inside ${user}`, match, share, reset: "during" },
        { id: `cut off ${user}`, match, share, cutAfterBytes: 700 },
        { id: `html ${user}`, match, share: share / 2, page: "hibernation" },
        { id: `broken 200 ${user}`, match, share: share / 2, brokenQuota: true },
        { id: `slow ${user}`, match, share, delayMs: 150 },
        { id: `revoked ${user}`, match, share: share / 4, revokeToken: true },
      ];
    }),
  ];
}
