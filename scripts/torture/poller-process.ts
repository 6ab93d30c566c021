import { fork, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { peakBytes } from "./memory";
import type { Command, Death, Reply } from "./poller";

const root = join(__dirname, "../..");
const program = join(root, ".cache/torture", `poller-${process.pid}.cjs`);

let built: Promise<void> | undefined;

/** Makes the program one file, once: a run starts it again after each death, and compiling it each time cost more than its polls. */
export function buildPoller(): Promise<void> {
  return (built ??= bundlePoller());
}

async function bundlePoller(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ["scripts/torture/poller.ts"],
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node22",
    format: "cjs",
    logLevel: "warning",
  });
  process.once("exit", () => rmSync(program, { force: true }));
}

const PLACES = { before: "before a save", torn: "inside a save", after: "behind a save" } as const;

/** The process that polls, started again after each death. {@link buildPoller} comes first. */
export class PollerProcess {
  private child: ChildProcess | undefined;
  private waiting = new Map<number, (reply: Reply | undefined) => void>();
  private next = 1;
  /** Deaths by `kill -9`, from outside at any moment and from inside at exact places. */
  kills = 0;
  readonly deaths = { "before a save": 0, "inside a save": 0, "behind a save": 0, "at any moment": 0 };
  /** Where the present process is told to die; from outside unless it was told. */
  private place: { run: number; when: Death["when"] } | undefined;
  /** Peak resident bytes of the process and of the largest component process. */
  readonly memory = { own: 0, children: 0 };

  constructor(
    private readonly folder: string,
    /** The file of the source; ours as it is built unless given. */
    private readonly source?: string,
  ) {}

  private start(): ChildProcess {
    const child = fork(program, [], {
      execArgv: [],
      env: {
        ...process.env,
        TORTURE_FOLDER: this.folder,
        NODE_OPTIONS: "",
        ...(this.source ? { TORTURE_SOURCE: this.source } : {}),
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (reply: Reply) => {
      // It had fewer saves than it should have died in.
      if (reply.id === this.place?.run) this.place = undefined;
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
    child.on("exit", (_code, signal) => {
      if (signal === "SIGKILL") {
        this.kills++;
        this.deaths[this.child === child && this.place ? PLACES[this.place.when] : "at any moment"]++;
      }
      if (this.child !== child) return;
      this.place = undefined;
      this.child = undefined;
      this.giveUp();
    });
    return child;
  }

  /** Undefined when the process was killed meanwhile. */
  run(command: Omit<Command, "id">): Promise<Reply | undefined> {
    const child = (this.child ??= this.start());
    const id = this.next++;
    if (command.death) this.place ??= { run: id, when: command.death.when };
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      // A process that has just died answers by its exit.
      child.send({ ...command, id } satisfies Command, () => undefined);
    });
  }

  kill(): void {
    if (!this.child) return;
    this.child.kill("SIGKILL");
    this.child = undefined;
    this.place = undefined;
    this.giveUp();
  }

  measure(): void {
    const { own, children } = peakBytes(this.child?.pid);
    this.memory.own = Math.max(this.memory.own, own);
    this.memory.children = Math.max(this.memory.children, children);
  }

  private giveUp(): void {
    for (const done of this.waiting.values()) done(undefined);
    this.waiting.clear();
  }

  stop(): void {
    this.child?.kill();
    this.child = undefined;
  }
}
