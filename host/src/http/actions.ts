import { readFile, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { z } from "zod";
import { notFound } from "../errors";
import { refuseBadProps } from "../execution/execution";
import type { Services } from "./services";
import type { ActionResult, LogEntry } from "../execution/protocol";
import { newId } from "../encryption";
import { userOf } from "./access";
import { callers } from "./callers";
import { openStash, uploadsOf } from "../execution/file-stash";
import { configuredBody, configuredOf, observationsOf } from "./forms";
import { confine } from "./foreign-answers";
import type { HostApp } from "./zod-routes";

const runBody = configuredBody.extend({ stash_id: z.union([z.string().max(100), z.boolean()]).nullish() });
const fileQuery = z.object({ s3_key: z.string().max(2000) });
const signedIn = { callers: callers.signedIn };

/** Runs one action at once. */
export function actionRoutes(app: HostApp, services: Services): void {
  const { execution, config } = services;

  app.post("/actions/run", { config: signedIn, schema: { body: runBody } }, async (request) => {
    const { body } = request;
    const target = await configuredOf(services, body, userOf(request, body.external_user_id), "action");
    const stash = await openStash(config.dataDir, body.stash_id);
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
    if (stash) exports.$filestash_uploads = await uploadsOf(stash);
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
      const { s3_key } = request.query;
      const root = join(config.dataDir, "stash");
      const path = resolve(root, s3_key);
      if (!path.startsWith(root + sep) || !(await stat(path).catch(() => undefined))?.isFile())
        throw notFound("file", s3_key);
      return confine(reply)
        .header("content-disposition", "attachment")
        .type("application/octet-stream")
        .send(await readFile(path));
    },
  );
}
