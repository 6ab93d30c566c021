import { z } from "zod";
import type { ActionRunRow } from "../db/action-runs-table";
import { scopeOf } from "./access";
import { callers } from "./callers";
import { id, userQuery, withId } from "./schemas";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const signedIn = { callers: callers.signedIn };
const listQuery = userQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: id.optional(),
});

/** The calls of agents: who called which action, and what came of it. */
export function actionRunRoutes(app: HostApp, services: Services): void {
  const runs = () => services.agents.runs;

  app.get("/api/action-runs", { config: signedIn, schema: { querystring: listQuery } }, async (request) => {
    const { limit, after } = request.query;
    return (await runs().list(scopeOf(request), limit, after)).map(summaryAnswer);
  });

  app.get(
    "/api/action-runs/:id",
    { config: signedIn, schema: { params: withId, querystring: userQuery } },
    async (request) => {
      const row = await runs().get(request.params.id, scopeOf(request));
      return {
        ...summaryAnswer(row),
        input: runs().inputOf(row),
        result: runs().resultOf(row) ?? null,
        logs: runs().logsOf(row),
      };
    },
  );
}

function summaryAnswer(row: ActionRunRow): Record<string, unknown> {
  return {
    id: row.id,
    external_user_id: row.external_user_id,
    action: row.component_key,
    version: row.component_version,
    caller: row.caller,
    client: row.client,
    status: row.status,
    summary: row.summary,
    error: row.error === null ? null : { message: row.error },
    started_at: new Date(row.started_at).toISOString(),
    finished_at: row.finished_at === null ? null : new Date(row.finished_at).toISOString(),
  };
}
