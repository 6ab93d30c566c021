import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { notFound } from "../errors";
import { readTemplates } from "../workflows/templates";
import { callers } from "./callers";
import type { Services } from "./services";
import type { HostApp } from "./zod-routes";

const withPicture = z.object({ picture: z.string().regex(/^[a-z0-9-]{1,100}\.svg$/) });

/** Workflows to begin with, and their pictures. */
export function templateRoutes(app: HostApp, { config }: Services): void {
  const { templatesDir } = config;
  app.get("/api/workflow-templates", { config: { callers: callers.signedIn } }, async () => ({
    data: (await readTemplates(templatesDir)).map((template) => ({
      ...template,
      picture: `/workflow-templates/${template.id}.svg`,
    })),
  }));
  app.get(
    "/workflow-templates/:picture",
    { config: { callers: callers.anybody }, schema: { params: withPicture } },
    async (request, reply) => {
      const { picture } = request.params;
      const svg = await readFile(join(templatesDir, picture)).catch(() => {
        throw notFound("picture", picture, "It is not part of this release.");
      });
      return reply
        .type("image/svg+xml")
        .header("cache-control", "public, max-age=3600")
        .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
        .send(svg);
    },
  );
}
