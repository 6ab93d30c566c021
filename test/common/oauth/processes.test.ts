import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { httpServer } from "../stub";

const root = join(__dirname, "../../..");

/** Six programs of twenty calls each that know nothing of one another but the place of their tokens. */
async function tokenRequestsOfSix(store: string): Promise<{ asked: number; answered: number }> {
  const folder = await mkdtemp(join(tmpdir(), "processes-"));
  // Inside of the project, so that its packages are found.
  const file = join(root, ".cache", `${basename(folder)}.mjs`);
  await build({
    stdin: {
      contents: `import { createClient, fileStore } from "./common";
        import { databaseStore } from "./test/common/oauth/database-store";
        const folder = ${JSON.stringify(folder)};
        const client = createClient({
          instance: process.argv[2],
          auth: { type: "oauth", grant: "password", clientId: "c", clientSecret: "s", username: "u", password: "p", store: ${store} },
        });
        await Promise.all(Array.from({ length: 20 }, () => client.table("incident").page()));`,
      resolveDir: root,
      loader: "ts",
    },
    outfile: join(root, ".cache", `${folder.split("/").pop()}.mjs`),
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  let asked = 0;
  let answered = 0;
  const server = await httpServer((request, response) => {
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.url === "/oauth_token.do") {
      const token = `t${++asked}`;
      // Long enough that the others come while it is asked for.
      return void setTimeout(() => json(200, { access_token: token, expires_in: 1800 }), 150);
    }
    answered++;
    json(request.headers.authorization === "Bearer t1" ? 200 : 401, { result: [] });
  });
  await Promise.all(
    Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, [file, server.url])),
  );
  await server.close();
  await rm(file);
  return { asked, answered };
}

it("AM-10, WM-18: six processes with the file store make one token request", async () => {
  expect(await tokenRequestsOfSix("fileStore({ folder })")).toEqual({ asked: 1, answered: 120 });
});

it("six processes with a store over a database, written to the interface, make one token request", async () => {
  expect(await tokenRequestsOfSix(`databaseStore(folder + "/tokens.sqlite")`)).toEqual({
    asked: 1,
    answered: 120,
  });
});
