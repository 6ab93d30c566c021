import { until, type TestHost } from "../host";

export interface Step {
  path: string;
  status: string;
  attempts: number;
  return_value: unknown;
  exports: Record<string, unknown>;
  logs: { level: string; message: string }[];
  error: { name: string; message: string } | null;
}
export interface Run {
  id: string;
  status: string;
  version: number;
  is_test: boolean;
  error: { name: string; message: string; step?: string } | null;
  steps: Step[];
}
export interface Workflow {
  id: string;
  name: string;
  enabled: boolean;
  version: number;
  has_draft: boolean;
  triggers: { id: string; endpoint?: string }[];
}

let count = 0;

/** A step of code that is the body of a function of `steps` and `$`. */
export const code = (
  namespace: string,
  body: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  namespace,
  code: `export default async ({ steps, $ }) => { ${body} }`,
  ...more,
});

/** Makes workflows on a host and waits for their runs. */
export const workflowClient = (host: TestHost) => {
  const ended = (id: string): Promise<Run> =>
    until(
      `run ${id} ends`,
      async () => {
        const { body } = await host.call<Run>("GET", `/api/runs/${id}`);
        return ["succeeded", "failed", "cancelled"].includes(body.status) && body;
      },
      120_000,
    );
  const make = async (steps: unknown[], more: Record<string, unknown> = {}): Promise<Workflow> => {
    const { status, body } = await host.call<Workflow>("POST", "/api/workflows", {
      name: `Made ${++count}`,
      triggers: [{ id: "web", uses: "http" }],
      enabled: true,
      steps,
      ...more,
    });
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  const start = async ({ id }: Workflow, event: unknown = {}): Promise<Run> => {
    const { status, body } = await host.call<Run>("POST", `/api/workflows/${id}/runs`, { event });
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    make,
    start,
    ended,
    /** Runs such steps once, to the end. */
    result: async (steps: unknown[], event?: unknown): Promise<Run> =>
      ended((await start(await make(steps), event)).id),
  };
};

export const stepOf = (run: Run, path: string): Step | undefined =>
  run.steps.find((step) => step.path === path);
