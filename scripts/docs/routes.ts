import { readConfig } from "../../host/src/config";
import type { DeclaredRoute } from "../../host/src/http/callers";
import { buildServer } from "../../host/src/http/http-server";
import type { Services } from "../../host/src/http/services";

/** Every route of the host with the callers it declares. The server is built and never listens, so it needs no services. */
async function declaredRoutes(): Promise<DeclaredRoute[]> {
  const config = readConfig(
    [],
    {},
    {
      workerFile: "",
      evaluatorFile: "",
      webDir: __dirname,
      appsDir: "",
      templatesDir: __dirname,
      componentsDir: "",
    },
  );
  const { app, routes } = await buildServer({ config, log: () => undefined } as unknown as Services);
  await app.ready();
  await app.close();
  return routes;
}

void declaredRoutes().then((routes) => process.stdout.write(JSON.stringify(routes)));
