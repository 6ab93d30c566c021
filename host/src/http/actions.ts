import { createReadStream } from "node:fs";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { notFound } from "../errors";
import { refuseBadProps } from "../execution/execution";
import type { Services } from "./services";
import type { ActionResult, LogEntry } from "../execution/protocol";
import { newId } from "../encryption";
import { userOf } from "./access";
import { callers } from "./callers";
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

/** Runs one action at once. */
export function actionRoutes(app: HostApp, services: Services): void {
  const { execution, config, stash: stashes } = services;

  app.post("/actions/run", { config: signedIn, schema: { body: runBody } }, async (request) => {
    const { body } = request;
    const user = userOf(request, body.external_user_id);
    const target = await configuredOf(services, body, user, "action");
    const stash = await stashes.open(user, body.stash_id);
    const logs: LogEntry[] = [];
    const { error, result } = await execution.run({
      ...target,
      task: (input) => ({
        type: "action",
        input,
        context: { id: newId("ctx"), ts: new Date().toISOString() },
      }),
      timeoutMs: config.timeouts.action,
      handlers: { onLog: (entry) => void logs.push(entry) },
      input: stash ? { filesDir: stash.folder, env: { STASH_DIR: stash.folder } } : {},
    });
    refuseBadProps(error);
    const done = JSON.parse(result ?? "{}") as Partial<ActionResult>;
    const exports: Record<string, unknown> = { ...done.exports };
    if (stash) exports.$filestash_uploads = await stashes.uploads(stash, originOf(request, config));
    for (const { type } of done.sends ?? [])
      logs.push({
        ts: Date.now(),
        level: "warn",
        message: `$.send.${type} was not sent: only workflows send.`,
      });
    return {
      exports,
      os: observationsOf(error, logs),
      ret: done.ret ?? null,
      stash_id: stash?.id ?? null,
      stashId: stash?.id ?? null,
    };
  });

  app.get(
    "/file_stash/download",
    { config: signedIn, schema: { querystring: fileQuery } },
    async (request, reply) => {
      const { s3_key, external_user_id } = request.query;
      return sendFile(reply, s3_key, await stashes.find(userOf(request, external_user_id), s3_key));
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
