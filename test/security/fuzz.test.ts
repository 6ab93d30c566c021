import { execFileSync } from "node:child_process";
import { duringTests } from "../helpers/instance";
import { startHost, until } from "../host/host";
import { bearer, connectToken, serverToken, signedInPage, type Headers } from "../host/callers";
import { fuzzedRequest } from "./support/fuzzed";
import { send } from "../host/raw";
import { declaredRoutes } from "./support/routes";

const host = duringTests(startHost);
const COUNT = Number(process.env.FUZZ_REQUESTS ?? 2000);
const FIRST = Number(process.env.FUZZ_SEED ?? 1);
const AT_ONCE = 8;

/** Resident memory of the host's own process, in MB. */
const residentMb = (): number =>
  Number(execFileSync("ps", ["-o", "rss=", "-p", String(host.process.pid)], { encoding: "utf8" })) / 1024;

// One request again: FUZZ_SEED=<its seed> FUZZ_REQUESTS=1 npm test -- test/security/fuzz.test.ts
test(`${COUNT} requests that are wrong in every way get no 5xx, hang nowhere and leave no memory behind`, async () => {
  const page = await signedInPage(host);
  const callers: Headers[] = [
    {},
    bearer(host.token),
    bearer(await serverToken(host)),
    bearer(await connectToken(host, "alice")),
    { cookie: page.cookie, "x-csrf-token": page.csrf },
  ];
  // A stream does not end; to end the sessions would make the rest one of nobody.
  const routes = declaredRoutes().filter(
    ({ method, path }) => path !== "/api/stream" && !(method === "DELETE" && /sessions?$/.test(path)),
  );
  const wrong: string[] = [];
  let next = FIRST;
  const run = async (): Promise<void> => {
    while (next < FIRST + COUNT) {
      const seed = next++;
      const { method, path, headers, body } = fuzzedRequest(seed, routes, callers);
      const began = Date.now();
      const answer = await send(host.url, method, path, headers, body).catch((error: Error) => ({
        status: 0,
        body: error.message,
      }));
      // A body that is too large may be answered by a closed connection.
      const isCut =
        answer.status === 0 && /ECONNRESET|EPIPE/.test(answer.body) && (body?.length ?? 0) > 500_000;
      if ((answer.status === 0 && !isCut) || answer.status >= 500 || Date.now() - began > 20_000)
        wrong.push(
          `seed ${seed}: ${method} ${path.slice(0, 120)} ${answer.status} in ${Date.now() - began} ms: ${answer.body.slice(0, 200)}`,
        );
    }
  };
  // What is loaded once (components, their processes) is no leak.
  const warmUp = Math.min(COUNT, 300);
  for (let seed = 1_000_000; seed < 1_000_000 + warmUp; seed += 1) {
    const { method, path, headers, body } = fuzzedRequest(seed, routes, callers);
    await send(host.url, method, path, headers, body).catch(() => undefined);
  }
  const before = residentMb();
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  expect(wrong).toEqual([]);
  expect((await send(host.url, "GET", "/v1/connect/local/apps", bearer(host.token))).status).toBe(200);
  await until("memory comes back", () => Promise.resolve(residentMb() < before + 150), 60_000);
  expect(host.said()).not.toMatch(/Error|at .*\.mjs/);
}, 1_200_000);
