import { setTimeout as delay } from "node:timers/promises";
import { startHost, type TestHost } from "./host";
import { startPostgres } from "./postgres-server";
import { signIn } from "./sign-in-window";
import { startTokenServer, type TokenServer } from "./token-server";
import { present } from "../helpers/present";

const env = { HOST_ENCRYPTION_KEY: "B5aDSud4rVSV71ADH2cw0Dj53yUGbiwM2cZXMrFUptE=" };

describe("an account that several processes use over one database", () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let server: TokenServer;
  const hosts: TestHost[] = [];

  beforeAll(async () => {
    [postgres, server] = await Promise.all([startPostgres(), startTokenServer()]);
    const start = (): Promise<TestHost> => startHost({ env: { ...env, DATABASE_URL: postgres.url } });
    hosts.push(await start());
    hosts.push(...(await Promise.all([start(), start()])));
  }, 180_000);
  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    await server?.stop();
    await postgres?.stop();
  });

  test("its token is refreshed once for all of them", async () => {
    server.expiresIn = 4; // due after three seconds
    const { body: attempt } = await present(hosts[0]).call<{ id: string; authorize_url: string }>(
      "POST",
      "/api/connect-attempts",
      { app: "conformance_oauth", fields: { server: server.url, client_secret: "the-secret" } },
    );
    await signIn(server, attempt.authorize_url);
    const connected = Date.now();
    const { body } = await present(hosts[0]).call<{ account: { id: string } }>(
      "GET",
      `/api/connect-attempts/${attempt.id}`,
    );
    server.grants.length = 0;
    server.expiresIn = 3600;
    await delay(Math.max(0, connected + 3300 - Date.now()));
    const run = (host: TestHost): Promise<{ body: { ret: { last: string } } }> =>
      host.call("POST", "/v1/connect/local/actions/run", {
        id: "conformance_oauth-show-token",
        configured_props: { account: { authProvisionId: body.account.id } },
      });
    const runs = await Promise.all(hosts.flatMap((host) => [run(host), run(host), run(host), run(host)]));
    expect(server.grants.map(({ grant_type }) => grant_type)).toEqual(["refresh_token"]);
    expect(new Set(runs.map((answer) => answer.body.ret.last)).size).toBe(1);
  });
});
