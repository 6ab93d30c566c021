import { createHash, randomBytes } from "node:crypto";
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ExecutionInput, Save, Task } from "../../host/src/execution/protocol";
import { Runtime } from "../../host/src/execution/runtime";
import { peakBytes } from "../../scripts/torture/memory";
import { account, type Account } from "../helpers/components";
import { useInstance } from "./platform";

const MEGABYTE = 1024 * 1024;
const root = join(__dirname, "../..");

const { writer, url } = useInstance({ incidents: 5 });
let auth: Account;
let folder: string;
let runtime: Runtime;

beforeAll(async () => {
  auth = await account(url());
  folder = mkdtempSync(join(tmpdir(), "saved-"));
  runtime = new Runtime({
    workerFile: join(root, "host/dist/worker.mjs"),
    maxProcesses: 1,
    limits: { memoryMb: 512 },
    idleMs: 60_000,
    maxJobs: 100,
  });
});
afterAll(() => {
  runtime?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type FileEvent = Record<string, string | null>;

/** The built source in a component process of the host, which is the same one for every call. */
class InOwnProcess {
  private db: Record<string, unknown> = {};

  constructor(private readonly props: Record<string, unknown>) {}

  async call(hook?: "deploy"): Promise<FileEvent[]> {
    const events: FileEvent[] = [];
    const input: ExecutionInput = {
      configuredProps: { timer: { intervalSeconds: 60 }, ...this.props },
      auth: {},
      defaultAuth: { ...auth },
      db: JSON.stringify(this.db),
      env: { STASH_DIR: folder },
      limits: { dbBytes: 60 * 1024, resultBytes: MEGABYTE, saveEvents: 50, saveMs: 60_000 },
    };
    const task: Task = hook
      ? { type: "hook", input, hook, emitting: true }
      : { type: "source", input, event: { timestamp: 0 } };
    const { error } = await runtime.run({
      file: join(root, "dist/sources/new-attachment/new-attachment.mjs"),
      tenant: "test",
      task,
      timeoutMs: 60_000,
      secrets: [],
      handlers: {
        onSave: (save: Save) => {
          if (save.db) this.db = { ...this.db, ...(JSON.parse(save.db) as object) };
          events.push(...save.events.map(({ payload }) => JSON.parse(payload) as FileEvent));
          return Promise.resolve();
        },
      },
    });
    if (error) throw new Error(error.message);
    return events;
  }
}

async function attach(content: Buffer, name: string): Promise<void> {
  const record = await writer.create("incident", { short_description: "Files" });
  await writer.attach(record.sys_id, name, content);
}

const children = () =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter(Boolean)
    .map(Number);

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** The memory of another process is read from /proc. */
const measured = process.platform === "linux" ? test : test.skip;

measured(
  "a file of 96 MB is saved whole and passes through the component's process without filling it",
  async () => {
    const before = new Set(children());
    const source = new InOwnProcess({ recordTable: "incident", download: true, largestDownload: 100 });
    await source.call("deploy");
    const [component, ...others] = children().filter((pid) => !before.has(pid));
    expect(others).toEqual([]);

    // What a download costs at all, whatever its size.
    await attach(randomBytes(100), "small.bin");
    expect(await source.call()).toHaveLength(1);
    const small = peakBytes(component).own;
    expect(small).toBeGreaterThan(20 * MEGABYTE);

    const content = randomBytes(96 * MEGABYTE);
    await attach(content, "large.bin");
    const [event] = await source.call();
    expect(event).toMatchObject({ file_name: "large.bin", size_bytes: String(content.length) });
    expect(await digest(String(event?.file_path))).toBe(createHash("sha256").update(content).digest("hex"));
    // The same process did it all.
    expect(children()).toContain(component);
    const more = peakBytes(component).own - small;
    // Whatever held the file would need 96 MB at the least.
    expect(more).toBeLessThan(64 * MEGABYTE);
    // Nothing half done lies beside it.
    expect(readdirSync(join(folder, "servicenow")).filter((name) => name.endsWith(".part"))).toEqual([]);
  },
);

test("a file over the limit is told of and not fetched", async () => {
  const source = new InOwnProcess({ download: true, largestDownload: 1, query: "file_name=over.bin" });
  await source.call("deploy");
  await attach(Buffer.alloc(MEGABYTE + 1), "over.bin");
  const [event] = await source.call();
  expect(event).toMatchObject({ file_name: "over.bin", file_path: null });
  expect(event?.file_skipped).toContain(`${MEGABYTE + 1} bytes`);
  expect(readdirSync(join(folder, "servicenow")).filter((name) => name.includes("over.bin"))).toEqual([]);
});
