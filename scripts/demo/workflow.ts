import { setTimeout as delay } from "node:timers/promises";
import type { HostClient } from "./host-client";
import type { InstanceWriter } from "./instance-writer";

interface Run {
  id: string;
  status: string;
  error: { message: string } | null;
  steps: { path: string; status: string; return_value: { number?: string } | null }[];
}

const ENDS_WITHIN_MS = 60_000;

/** A workflow from trigger to note: a new P1 incident becomes a problem, and its number a work note. Rejects unless every step did its part. */
export async function runWorkflow(
  client: HostClient,
  writer: InstanceWriter,
  account: string,
): Promise<string> {
  const servicenow = { account };
  const workflow = await client.call<{ id: string; triggers: { trigger_id: string }[] }>(
    "POST",
    "/api/workflows",
    {
      name: "P1 becomes a problem",
      enabled: true,
      triggers: [
        {
          uses: "servicenow-new-incident",
          props: { servicenow, priority: ["1"], timer: { intervalSeconds: 900 } },
        },
      ],
      steps: [
        {
          namespace: "problem",
          uses: "servicenow-create-table-record",
          props: {
            servicenow,
            table: "problem",
            recordData: { short_description: "{{ steps.trigger.event.short_description }}" },
          },
        },
        {
          namespace: "note",
          uses: "servicenow-add-work-note",
          props: {
            servicenow,
            task: "{{ steps.trigger.event.sys_id }}",
            workNote: "See {{ steps.problem.$return_value.number }}.",
          },
        },
      ],
    },
  );
  const { number } = await writer.create({ short_description: "Mail is down", impact: "1", urgency: "1" });
  await client.call("POST", `/api/triggers/${workflow.triggers[0]?.trigger_id ?? ""}/run`);
  const run = await ended(client, workflow.id);
  const problem = run.steps.find(({ path }) => path === "problem")?.return_value?.number;
  if (run.status !== "succeeded" || run.steps.length !== 2 || problem === undefined)
    throw new Error(`The workflow's run ${run.status}: ${run.error?.message ?? JSON.stringify(run.steps)}`);
  await client.call("DELETE", `/api/workflows/${workflow.id}`);
  return `Workflow: ${number} (priority 1) became ${problem}, and its number a work note`;
}

async function ended(client: HostClient, workflow: string): Promise<Run> {
  for (const end = performance.now() + ENDS_WITHIN_MS; performance.now() < end;) {
    const [newest] = await client.call<Run[]>("GET", `/api/workflows/${workflow}/runs`);
    if (newest && !["queued", "running", "waiting"].includes(newest.status))
      return client.call<Run>("GET", `/api/runs/${newest.id}`);
    await delay(200);
  }
  throw new Error(`The workflow's run did not end within ${ENDS_WITHIN_MS / 1000} s.`);
}
