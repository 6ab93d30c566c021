import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startHost, until, type TestHost } from "../host/host";

const fixtures = join(__dirname, "fixtures");
let folder: string;
beforeAll(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), "weak-system-")))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder for the front of `PATH` in which these programs refuse, as on a system that forbids what they do. */
function refusing(...programs: string[]): string {
  const path = mkdtempSync(join(folder, "bin-"));
  for (const program of programs) {
    writeFileSync(join(path, program), "#!/bin/sh\nexit 1\n");
    chmodSync(join(path, program), 0o755);
  }
  return [path, process.env.PATH].join(delimiter);
}

const attempt = async (host: TestHost, way: string, on?: string): Promise<string> => {
  const { body } = await host.call("POST", "/v1/connect/actions/run", {
    id: "security-trespass",
    external_user_id: "somebody",
    configured_props: { way, ...(on === undefined ? {} : { on }) },
  });
  return JSON.stringify(body);
};

const linux = process.platform === "linux" ? describe : describe.skip;
linux.each([
  ["namespaces", ["unshare"], /kept apart in part only.*namespaces \(unshare\)/],
  [
    "namespaces and setpriv",
    ["unshare", "setpriv"],
    /kept apart in part only.*namespaces.*setpriv is not there/,
  ],
])("A host on a system without %s", (_, programs, words) => {
  let host: TestHost;
  let dataDir: string;
  let before: string[];
  beforeAll(async () => {
    dataDir = mkdtempSync(join(folder, "data-"));
    before = readdirSync(tmpdir()).map((name) => join(tmpdir(), name));
    host = await startHost({ dataDir, env: { PATH: refusing(...programs), COMPONENT_PACKAGES: fixtures } });
  });
  afterAll(() => host.stop());

  it("starts, and says in one line what it cannot hold", () => {
    const lines = host
      .said()
      .split("\n")
      .filter((line) => words.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("docs/security.md");
  });

  it("runs components, which still reach no file of the host, no other program and no inner address", async () => {
    expect(await attempt(host, "uid")).toMatch(/"ret":\d+/);
    expect(await attempt(host, "read", join(host.dataDir, "credentials.json"))).toMatch(/restricted|EACCES/);
    expect(await attempt(host, "read", "/etc/passwd")).toMatch(/restricted/);
    expect(await attempt(host, "spawn")).toMatch(/restricted|ERR_ACCESS_DENIED/);
    expect(await attempt(host, "fetch", "http://10.0.0.1/")).toMatch(/fetch failed/);
    expect(await attempt(host, "socketTo", "10.0.0.1")).toMatch(/private address/);
  });

  it("runs the code of a workflow's step", async () => {
    const { body: workflow } = await host.call<{ id: string }>("POST", "/api/workflows", {
      name: "Code",
      enabled: true,
      triggers: [{ id: "web", uses: "http" }],
      steps: [{ namespace: "code", code: "export default async () => 6 * 7" }],
    });
    const { body: run } = await host.call<{ id: string }>("POST", `/api/workflows/${workflow.id}/runs`, {
      event: {},
    });
    const done = await until(
      "the run ends",
      async () => {
        const { body } = await host.call<{ status: string; steps: { return_value: unknown }[] }>(
          "GET",
          `/api/runs/${run.id}`,
        );
        return ["succeeded", "failed"].includes(body.status) && body;
      },
      60_000,
    );
    expect(done).toMatchObject({ status: "succeeded", steps: [{ return_value: 42 }] });
  });

  it("leaves no folder of a process behind when it ends", async () => {
    // Other hosts of this machine may have theirs in the temporary folder.
    const folders = (): string[] =>
      [dataDir, tmpdir()].flatMap((at) =>
        readdirSync(at)
          .filter((name) => name.startsWith("host-runs-"))
          .map((name) => join(at, name)),
      );
    const own = folders().filter((path) => !before.includes(path));
    expect(own).not.toEqual([]);
    await host.stop();
    expect(own.filter((path) => existsSync(path))).toEqual([]);
  });
});
