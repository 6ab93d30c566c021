import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, smallDisk } from "./db/support";
import { deployCounter, expectGapless, numbersOf, untilCounted } from "./counting";
import { startHost, until } from "./host";

/** Why no file system of a given size can be made here; undefined where it can. */
function whyNot(): string | undefined {
  if (process.platform !== "linux") return "only Linux has tmpfs";
  if (process.getuid?.() !== 0) return "only root may mount one";
  try {
    execFileSync("mount", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "there is no mount command";
  }
}
const reason = whyNot();

afterEach(cleanUp);

if (reason !== undefined) test.todo(`a full disk is not tried here: ${reason}`);
else
  test("on a full disk the host answers and refuses new work in words; when there is room it goes on, and nothing is lost", async () => {
    const dataDir = await smallDisk(260);
    const ballast = join(dataDir, "ballast");
    const host = await startHost({ dataDir, env: { SAVE_EVENTS: "1" } });
    try {
      const id = await deployCounter(host, { timer: { intervalSeconds: 1 }, perRun: 4, slice: 1 });
      await untilCounted(host, id, 5);
      const { bavail, bsize } = statfsSync(dataDir);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 8 * 1024 * 1024)));
      const refused = await until("a refusal", async () => {
        const { status, body } = await host.call<{ error: string }>(
          "POST",
          "/v1/connect/local/triggers/deploy",
          {
            id: "conformance-counter",
            external_user_id: "local",
          },
        );
        return status === 507 && body.error;
      });
      expect(refused).toMatch(/nearly full.*Nothing new is taken on until there is room/);
      // The last of the room.
      const left = statfsSync(dataDir);
      try {
        writeFileSync(`${ballast}.rest`, Buffer.alloc(left.bavail * left.bsize));
      } catch {
        // The database took some of it meanwhile.
      }
      await new Promise((done) => setTimeout(done, 8000));
      // Reads go on, unless PostgreSQL itself has no room left to run: that is said in words.
      const answer = await host.call<{ error?: string }>("GET", "/api/triggers");
      if (answer.status !== 200)
        expect(answer).toMatchObject({
          status: 503,
          body: { error: expect.stringContaining("database does not answer") as unknown },
        });
      rmSync(ballast, { force: true });
      rmSync(`${ballast}.rest`, { force: true });
      const before = await until("an answer", async () => (await numbersOf(host, id)).length, 60_000);
      await untilCounted(host, id, before + 8, 120_000);
      expectGapless(await numbersOf(host, id));
    } finally {
      await host.stop();
    }
  }, 300_000);
