/** What goes wrong for the poller's accounts; the writer and the naive cursors are spared. */
export function faultPlan(users: readonly string[], share: number): Record<string, unknown>[] {
  return [
    { id: "late commit", match: { method: "PATCH", query: "sysparm_torture=late" }, commitDelaySeconds: 30 },
    ...users.flatMap((user) => {
      const match = { user, path: "/api/now/table/" };
      return [
        {
          id: `429 ${user}`,
          match,
          share: share / 2,
          status: 429,
          body: { error: { message: "Rate limit exceeded", detail: null }, status: "failure" },
        },
        {
          id: `429 with Retry-After ${user}`,
          match,
          share: share / 2,
          status: 429,
          headers: { "Retry-After": "1" },
          body: { error: { message: "Rate limit exceeded", detail: null }, status: "failure" },
        },
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
