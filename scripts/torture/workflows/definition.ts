/** The delay that no run may cut short. */
export const DELAY_MS = 3000;

const now = (namespace: string, value = "Date.now()"): Record<string, unknown> => ({
  namespace,
  code: `export default async () => ${value}`,
  // Its result is all it makes, so that it may be done again.
  retry: { attempts: 5, delaySeconds: 0.2 },
});

/** A creation whose attempts share a Correlation ID; what it makes is named after its run and step. */
const create = (namespace: string, account: string, name = namespace): Record<string, unknown> => ({
  namespace,
  uses: "servicenow-create-table-record",
  props: {
    servicenow: { account },
    table: "incident",
    recordData: { short_description: `torture {{ context.id }} ${name}` },
    correlationId: "{{ context.idempotency_key }}",
  },
});

/** Fifteen steps: creations, conditions, a branch, a loop, a delay, a suspension and code. */
export function stepsOf(account: string): Record<string, unknown>[] {
  return [
    now("begin"),
    create("first", account),
    { ...now("kept"), if: "{{ steps.trigger.event.n > 0 }}" },
    { ...now("skipped"), if: "{{ steps.trigger.event.n < 0 }}" },
    {
      namespace: "way",
      branch: [
        { if: "{{ steps.trigger.event.n < 0 }}", steps: [now("other")] },
        { else: true, steps: [create("armed", account)] },
      ],
    },
    now("list", "[1, 2]"),
    {
      namespace: "each",
      forEach: "{{ steps.list.$return_value }}",
      concurrency: 1,
      steps: [create("item", account, "item {{ index }}")],
    },
    now("mark"),
    { namespace: "pause", delay: DELAY_MS / 1000 },
    now("after"),
    {
      namespace: "wait",
      code: "export default async ({ $ }) => { $.flow.suspend(3600000); }",
      retry: { attempts: 5, delaySeconds: 0.2 },
    },
    now("resumed"),
    create("last", account),
  ];
}

/** What a run that succeeded has made in ServiceNow. */
export const WRITES = ["first", "armed", "item 0", "item 1", "last"];

/** The steps of a run that succeeded, by path, with their states. */
export const STATES: Record<string, string> = {
  begin: "succeeded",
  first: "succeeded",
  kept: "succeeded",
  skipped: "skipped",
  way: "succeeded",
  armed: "succeeded",
  list: "succeeded",
  each: "succeeded",
  "each[0].item": "succeeded",
  "each[1].item": "succeeded",
  mark: "succeeded",
  pause: "succeeded",
  after: "succeeded",
  wait: "succeeded",
  resumed: "succeeded",
  last: "succeeded",
};

/** Where a host is killed: when a step has begun, waits or has ended, and before and after its write in ServiceNow. */
export const BOUNDARIES: string[] = [
  ...Object.entries(STATES).flatMap(([path, end]) => [`${path} running`, `${path} ${end}`]),
  "pause waiting",
  "wait waiting",
  ...WRITES.flatMap((name) => [`${name} before its write`, `${name} after its write`]),
];
