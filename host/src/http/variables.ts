import { z } from "zod";
import { userOf } from "./access";
import { callers } from "./callers";
import { userQuery } from "./schemas";
import type { Services } from "./services";
import { iso } from "./workflow-answers";
import type { HostApp } from "./zod-routes";

const signedIn = { callers: callers.signedIn };
const variableBody = z.object({ value: z.string().max(100_000) });

/** Variables of workflows. Their values are never given back. */
export function variableRoutes(app: HostApp, services: Services): void {
  const variables = () => services.workflows.variables;
  const withName = z.object({ name: z.string().min(1).max(100) });

  app.get("/api/variables", { config: signedIn, schema: { querystring: userQuery } }, async (request) =>
    (await variables().names(userOf(request, request.query.external_user_id))).map(
      ({ name, updated_at }) => ({
        name,
        updated_at: iso(updated_at),
      }),
    ),
  );
  app.put(
    "/api/variables/:name",
    { config: signedIn, schema: { params: withName, querystring: userQuery, body: variableBody } },
    async (request, reply) => {
      await variables().set(
        userOf(request, request.query.external_user_id),
        request.params.name,
        request.body.value,
      );
      return reply.code(204).send();
    },
  );
  app.delete(
    "/api/variables/:name",
    { config: signedIn, schema: { params: withName, querystring: userQuery } },
    async (request, reply) => {
      await variables().remove(userOf(request, request.query.external_user_id), request.params.name);
      return reply.code(204).send();
    },
  );
}
