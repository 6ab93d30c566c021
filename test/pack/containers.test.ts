import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";
import { compose, dockerStages, root } from "./container-files";

test("the Dockerfile passes the linter, runs as no root and has a health check in each image", () => {
  const text = readFileSync(join(root, "Dockerfile"), "utf8");
  expect(validate(text).map(({ message, range }) => [range.start.line + 1, message])).toEqual([]);
  // It would have told.
  expect(validate(text.replace(/^USER node$/m, "USR node")).map(({ message }) => message)).toEqual([
    "Unknown instruction: USR",
  ]);
  const stages = dockerStages();
  expect([...stages.keys()]).toEqual(["build", "packages", "host", "instance"]);
  for (const name of ["host", "instance"]) {
    const stage = stages.get(name);
    expect(stage?.user).toBe("node");
    expect(stage?.healthCheck[0]).toBe("node");
    expect(stage?.entrypoint[1]).toMatch(/^node_modules\/@servicenow-components\//);
  }
});

test("compose starts a database, the host, two workers and an instance, with secrets from outside alone", () => {
  const { services } = compose();
  expect(Object.keys(services)).toEqual(["database", "host", "worker", "instance"]);
  expect(services.worker).toMatchObject({ command: ["worker"], deploy: { replicas: 2 } });
  for (const name of ["host", "worker"] as const)
    expect(services[name]).toMatchObject({
      environment: {
        DATABASE_URL: expect.stringContaining("${POSTGRES_PASSWORD:?") as string,
        HOST_ENCRYPTION_KEY: expect.stringContaining("${HOST_ENCRYPTION_KEY:?") as string,
      },
      depends_on: { database: { condition: "service_healthy" } },
      security_opt: ["no-new-privileges:true"],
    });
  for (const { ports = [] } of Object.values(services))
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  // Nothing that a merge of YAML would drop.
  expect(parse(readFileSync(join(root, "compose.yaml"), "utf8"), { merge: true, strict: true })).toBeTruthy();
});
