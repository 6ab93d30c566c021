import { z } from "zod";
import { readAppYaml } from "../accounts/apps/app-descriptions";
import { HostError } from "../errors";
import { callers } from "./callers";
import { id } from "./schemas";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const operators = { callers: callers.operators };
const body = z.object({ yaml: z.string().min(1).max(200_000) });

/** How apps are described: read, written and removed by the people who run the host. */
export function appDescriptionRoutes(app: HostApp, { apps }: Services): void {
  app.get("/api/app-descriptions", { config: operators }, async () => {
    const known = await apps.descriptions.all();
    return {
      data: (await apps.list()).map(({ slug, name, auth, connection, origin }) => ({
        slug,
        name,
        auth,
        /** Whether a form can ask for its fields. */
        described: auth === "none" || connection !== undefined,
        origin,
        removable: known.get(slug)?.origin === "page",
      })),
    };
  });

  app.get(
    "/api/app-descriptions/:slug",
    { config: operators, schema: { params: z.object({ slug: id }) } },
    async ({ params }) => {
      const { slug, described, origin } = await apps.get(params.slug);
      return { slug, origin, ...(described ? { definition: described } : {}) };
    },
  );

  app.put("/api/app-descriptions", { config: operators, schema: { body } }, async (request) => {
    const values = readAppYaml(request.body.yaml);
    if (values.length !== 1)
      throw new HostError(400, `One app is described at a time, and this holds ${values.length}.`);
    const { slug } = await apps.descriptions.put(values[0]);
    const { name, auth } = await apps.get(slug);
    return { slug, name, auth };
  });

  app.delete(
    "/api/app-descriptions/:slug",
    { config: operators, schema: { params: z.object({ slug: id }) } },
    async (request, reply) => {
      await apps.descriptions.delete(request.params.slug);
      return reply.code(204).send();
    },
  );
}
