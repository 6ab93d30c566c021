import type { Both } from "../../../scripts/demo/both";
import { present } from "../../helpers/present";

interface RunAnswer {
  id: string;
  status: string;
  steps: { path: string; status: string; return_value: { number?: string } | null }[];
}

/** The newest run of a workflow that no test started, once it has ended. */
async function endedRun({ client }: Both, workflow: string): Promise<RunAnswer> {
  for (let look = 0; look < 300; look++) {
    const runs = await client.call<{ id: string; status: string; is_test: boolean }[]>(
      "GET",
      `/api/workflows/${workflow}/runs`,
    );
    const done = runs.find(({ is_test, status }) => !is_test && /succeeded|failed|cancelled/.test(status));
    if (done) return client.call<RunAnswer>("GET", `/api/runs/${done.id}`);
    await new Promise((again) => setTimeout(again, 300));
  }
  throw new Error("No run ended within 90 s.");
}

/** Makes an incident of priority 1, lets the workflow's trigger find it at once, and gives the run. */
export async function incidentArrives(both: Both, workflow: string, text: string): Promise<RunAnswer> {
  await both.writer.create({ short_description: text, impact: "1", urgency: "1" });
  const { triggers } = await both.client.call<{ triggers: { trigger_id: string }[] }>(
    "GET",
    `/api/workflows/${workflow}`,
  );
  await both.client.call("POST", `/api/triggers/${present(triggers[0]).trigger_id}/run`);
  return endedRun(both, workflow);
}
