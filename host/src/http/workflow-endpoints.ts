import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { WorkflowTriggerRow } from "../db/workflow-tables";
import { callers } from "./callers";
import { allowedHeaders, confine, isStatus, refuseAsPartOfThePage } from "./foreign-answers";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const anybody = { callers: callers.anybody };
const withKey = z.object({ key: z.string().min(1).max(200) });
const BODY_LIMIT = 512 * 1024;
/** How long the sender of a request waits for `$.respond`. */
const REPLY_MS = 30_000;

/** The addresses that go on with, or end, a run that waits: whoever knows one may open it. */
export async function resumeRoutes(app: HostApp, services: Services): Promise<void> {
  const runs = () => services.workflows.runs;
  await app.register((scope: HostApp, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string", bodyLimit: BODY_LIMIT }, (_request, body, parsed) =>
      parsed(null, body),
    );
    for (const method of ["GET", "POST"] as const) {
      scope.route({
        method,
        url: "/resume/:key",
        config: anybody,
        schema: { params: withKey },
        handler: async (request, reply) => {
          refuseAsPartOfThePage(request);
          await runs().resume(request.params.key, requestData(request));
          return reply.type("text/plain; charset=utf-8").send("The workflow goes on.");
        },
      });
      scope.route({
        method,
        url: "/cancel/:key",
        config: anybody,
        schema: { params: withKey },
        handler: async (request, reply) => {
          refuseAsPartOfThePage(request);
          await runs().cancelByKey(request.params.key);
          return reply.type("text/plain; charset=utf-8").send("The workflow run is cancelled.");
        },
      });
    }
    done();
  });
}

/** Starts a run for a request at the address of a workflow, and answers as its trigger says. */
export async function answerForWorkflow(
  services: Services,
  trigger: WorkflowTriggerRow,
  event: Record<string, unknown>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { workflows, starts, waitForReply } = services.workflows;
  const workflow = await workflows.get(trigger.workflow_id, undefined);
  if (!workflow.enabled)
    return reply.code(404).send({ error: "This workflow is not enabled, so it takes no requests." });
  const run = await starts.byRequest(services.db, workflow, trigger.name, event);
  if (run.status === "failed")
    return reply
      .code(503)
      .header("retry-after", "30")
      .send({ error: "This workflow has as many runs waiting as it takes. Send the request again later." });
  if (trigger.response !== "from_workflow") return reply.code(200).send({ run: run.id });
  const answer = await waitForReply(run.id, REPLY_MS);
  if (answer === undefined)
    return reply.code(202).send({
      run: run.id,
      message: `The workflow has not answered within ${REPLY_MS / 1000} s. It goes on.`,
    });
  if (answer === "none")
    return reply.code(400).send({ error: "No $.respond called in workflow", run: run.id });
  reply.code(isStatus(answer.status) ? answer.status : 200).headers(allowedHeaders(answer.headers));
  confine(reply);
  return reply.send(answer.encoding === "base64" ? Buffer.from(answer.body, "base64") : answer.body);
}

/** What `$resume_data` holds. */
function requestData(request: FastifyRequest): Record<string, unknown> {
  const text = typeof request.body === "string" ? request.body : "";
  return {
    method: request.method,
    query: request.query,
    body: parsed(text),
  };
}

function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
