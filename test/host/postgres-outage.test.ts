import { startHost, until, type TestHost } from "./host";
import { describeWithPostgres, startPostgres, type PostgresServer } from "./postgres-server";

interface Run {
  status: string;
  kind: string;
}

describeWithPostgres("with a PostgreSQL server that is away for a while", () => {
  let postgres: PostgresServer;
  let host: TestHost | undefined;

  beforeAll(async () => {
    postgres = await startPostgres();
    host = await until(
      "the database",
      () =>
        startHost({
          env: { HOST_ENCRYPTION_KEY: "a key for tests only", SAVE_EVENTS: "1", DATABASE_URL: postgres.url },
        }).catch(() => undefined),
      90_000,
    );
  }, 180_000);
  afterAll(async () => {
    await host?.stop();
    postgres?.stop();
  });

  test("a trigger whose poll ended meanwhile goes on, without losing or doubling a number", async () => {
    const { body } = await host!.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
      id: "conformance-counter",
      external_user_id: "local",
      configured_props: { timer: { intervalSeconds: 1 }, perRun: 4, slice: 1, pauseMs: 300 },
    });
    const { id } = body.data;
    const numbers = async (): Promise<number[]> =>
      (
        await host!.call<{ data?: { e: { n: number } }[] }>(
          "GET",
          `/v1/connect/local/deployed-triggers/${id}/events?n=100000`,
        )
      ).body.data?.map(({ e }) => e.n) ?? [];
    await until("a poll in the middle", async () => (await numbers()).length > 1);
    await postgres.halt();
    // What is saved during the outage is refused, so that the poll ends in it.
    await new Promise((done) => setTimeout(done, 2500));
    postgres.resume();
    const before = await until("the database again", async () => {
      const seen = await numbers();
      return seen.length > 0 && seen.length;
    });
    await until("more numbers", async () => (await numbers()).length > before + 9, 60_000);
    const seen = await numbers();
    expect(seen).toEqual(seen.map((_, n) => n));
    const runs = (await host!.call<Run[]>("GET", `/api/triggers/${id}/runs?limit=100`)).body;
    expect(runs.filter(({ status, kind }) => kind === "poll" && status === "error").length).toBeGreaterThan(
      0,
    );
  }, 180_000);
});
