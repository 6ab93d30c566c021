import { createReadStream } from "node:fs";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { notFound } from "../errors";
import { refuseBadProps } from "../execution/execution";
import type { Services } from "./services";
import { userOf } from "./access";
import { callerFacts } from "./action-runs";
import { callers, isServer } from "./callers";
import { configuredBody, configuredOf, observationsOf } from "./forms";
import { confine } from "./foreign-answers";
import { originOf } from "./origins";
import { externalUserId } from "./schemas";
import type { HostApp } from "./zod-routes";

const runBody = configuredBody.extend({ stash_id: z.union([z.string().max(100), z.boolean()]).nullish() });
const s3Key = z.string().min(1).max(2000);
const fileQuery = z.object({ s3_key: s3Key, external_user_id: z.string().max(250).optional() });
const signedFileQuery = z.object({
  user: externalUserId,
  s3_key: s3Key,
  expires: z.coerce.number().int(),
  signature: z.string().max(200),
});
const signedIn = { callers: callers.signedIn };

/** Runs one action and waits for its end. */
export function actionRoutes(app: HostApp, services: Services): void {
  const { actions, config, stash: stashes } = services;

  app.post("/actions/run", { config: signedIn, schema: { body: runBody } }, async (request) => {
    const { body } = request;
    const target = await configuredOf(services, body, userOf(request, body.external_user_id), "action");
    const { runId, error, logs, ret, exports, stashId } = await actions.runner.run({
      ...target,
      caller: callerFacts(request),
      stash: body.stash_id,
      origin: originOf(request, config),
    });
    refuseBadProps(error);
    return {
      exports,
      os: observationsOf(error, logs),
      ret,
      run_id: runId,
      stash_id: stashId,
      stashId,
    };
  });

  app.get(
    "/file_stash/download",
    { config: signedIn, schema: { querystring: fileQuery } },
    async (request, reply) => {
      const { s3_key, external_user_id } = request.query;
      // A server may fetch for all its users, and names none.
      const path =
        isServer(request.caller) && !external_user_id
          ? await stashes.findForAnyUser(s3_key)
          : await stashes.find(userOf(request, external_user_id), s3_key);
      return sendFile(reply, s3_key, path);
    },
  );
}

/** Files of actions by an address that is good for an hour, for programs that have no sign-in. */
export function stashRoutes(app: HostApp, { stash }: Services): void {
  // The signature in the address is what is checked.
  app.get(
    "/stash/download",
    { config: { callers: callers.anybody }, schema: { querystring: signedFileQuery } },
    async ({ query }, reply) => sendFile(reply, query.s3_key, await stash.findSigned(query)),
  );
}

function sendFile(reply: FastifyReply, s3Key: string, path: string | undefined): FastifyReply {
  if (path === undefined)
    throw notFound("file", s3Key, "Files are kept for a day, for the user whose action left them.");
  return confine(reply)
    .header("content-disposition", "attachment")
    .type("application/octet-stream")
    .send(createReadStream(path));
}
