import { rmSync } from "node:fs";
import { startHost, temporaryFolder, until, type TestHost } from "./host";

const P = "/v1/connect/local";
const KILLS = 6;

/** The source counts up, slice by slice, with its state in db; whoever loses or repeats a save breaks the count. */
test(`a host killed ${KILLS} times at random moments loses no event, doubles none, and finds accounts and triggers again`, async () => {
  const dataDir = temporaryFolder();
  const env = { SAVE_EVENTS: "1" };
  let host: TestHost = await startHost({ dataDir, env });
  const account = await host.call<{ id: string }>("POST", `${P}/accounts?external_user_id=local`, {
    app_slug: "conformance",
    cfmap_json: JSON.stringify({ api_key: "sekret-12345", user: "ann" }),
  });
  const deployed = await host.call<{ data: { id: string } }>("POST", `${P}/triggers/deploy`, {
    id: "conformance-counter",
    external_user_id: "local",
    configured_props: { timer: { intervalSeconds: 1 }, perRun: 60, slice: 2, pauseMs: 15 },
  });
  const id = deployed.body.data.id;
  const numbers = async (): Promise<number[]> =>
    (
      await host.call<{ data: { e: { n: number } }[] }>("GET", `${P}/deployed-triggers/${id}/events?n=100000`)
    ).body.data.map(({ e }) => e.n);

  try {
    let seen = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = seen + 5 + Math.floor(Math.random() * 40);
      await until("more numbers", async () => (await numbers()).length >= enough, 60_000);
      await host.kill();
      host = await startHost({ dataDir, env });
      const now = await numbers();
      expect(now).toEqual(Array.from({ length: now.length }, (_, n) => n));
      expect(now.length).toBeGreaterThanOrEqual(enough);
      seen = now.length;
    }
    const runs = await host.call<{ status: string; error: { message: string } | null }[]>(
      "GET",
      `/api/triggers/${id}/runs?limit=100`,
    );
    expect(runs.body.some(({ error }) => error?.message.includes("The host ended during this run"))).toBe(
      true,
    );
    const echo = await host.call<{ ret: { who: string } }>("POST", `${P}/actions/run`, {
      id: "conformance-echo",
      configured_props: { conformance: { authProvisionId: account.body.id }, text: "still here" },
    });
    expect(echo.body.ret.who).toBe("ann with 12 characters");
  } finally {
    await host.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 300_000);
