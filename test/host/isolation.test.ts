import { readdirSync, readFileSync } from "node:fs";
import { startHost, until, type TestHost } from "./host";

interface Run {
  os: { k: string; message?: string; err?: { name: string; message: string } }[];
  ret: unknown;
}

let host: TestHost;
beforeAll(async () => {
  host = await startHost({ env: { ACTION_TIMEOUT_MS: "4000", COMPONENT_MEMORY_MB: "64" } });
});
afterAll(() => host?.stop());

const run = async (way: string): Promise<Run> =>
  (
    await host.call<Run>("POST", "/v1/connect/local/actions/run", {
      id: "conformance-misbehave",
      configured_props: { way },
    })
  ).body;
const errorOf = async (way: string): Promise<string> =>
  (await run(way)).os.find(({ k }) => k === "error")?.err?.message ?? "";

describe("a component that", () => {
  test.each([
    ["loop", /did not end within 4 s/],
    ["sleep", /did not end within 4 s/],
    ["heap", /more than the 64 MB of memory/],
    ["buffers", /more than the 64 MB of memory/],
    ["exit", /ended its own process.*must not call process\.exit/],
    ["late", /threw outside of its run: too late/],
    ["rejection", /nobody listens/],
    ["text", /threw 'just a text'/],
    ["configuration", /^Choose another color\.$/],
    ["big", /returned 17\.0 MB/],
  ])("%s ends with an error that says so", async (way, words) => {
    expect(await errorOf(way)).toMatch(words);
  });

  test("had its process ended leaves nothing of it to the next run", async () => {
    for (let round = 0; round < 8; round += 1) {
      expect(await errorOf("late")).toMatch(/too late/);
      expect((await run("fine")).ret).toBe("fine");
    }
  });

  test("loops harms no other: the host answers, and other runs go on", async () => {
    const looping = errorOf("loop");
    expect((await run("fine")).ret).toBe("fine");
    expect((await host.call("GET", "/v1/connect/local/components")).status).toBe(200);
    expect(await looping).toMatch(/did not end/);
    expect((await run("fine")).ret).toBe("fine");
  });

  test("returns a cycle or logs without end is cut to size", async () => {
    expect((await run("cycle")).ret).toEqual({ name: "round", self: "[Circular]" });
    const { os, ret } = await run("chatter");
    expect(ret).toBe("done");
    expect(os).toHaveLength(1001);
    expect(os.at(-1)?.message).toMatch(/log is full/);
  });

  test("loops when the host is killed does not outlive it", async () => {
    const doomed = await startHost();
    void doomed
      .call("POST", "/v1/connect/local/actions/run", {
        id: "conformance-misbehave",
        configured_props: { way: "loop" },
      })
      .catch(() => undefined);
    const children = (): number[] =>
      readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .filter((pid) => parentOf(pid) === doomed.process.pid)
        .map(Number);
    const [worker] = await until("a process that loops", async () => {
      const found = children().filter((pid) => cpuTicks(pid) > 100);
      return found.length > 0 && found;
    });
    await doomed.kill();
    await until("the end of the process", async () => parentOf(String(worker)) === undefined);
  });
});

function statOf(pid: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
function parentOf(pid: string): number | undefined {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}
function cpuTicks(pid: number): number {
  return Number(statOf(String(pid))?.[11] ?? 0);
}
