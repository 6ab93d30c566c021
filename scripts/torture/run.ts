import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../programs";
import { Client, signIn } from "./client";
import { faultPlan } from "./faults";
import { naiveCursors } from "./naive";
import { readJournal, type Command, type Reply, type Slot } from "./poller";
import { randomFrom } from "./random";
import type { Written } from "./truth";
import { judge, judgeNaive, type CompletePoll, type Verdict } from "./verdict";
import { Workload } from "./workload";

export interface Scene {
  name: string;
  /** How the instance reads date literals. */
  literals: "utc" | "user";
  /** The account that sees all; its zone decides about literals. */
  agent: string;
  /** Simulated start (UTC). */
  start: string;
}

export interface TortureOptions {
  scene: Scene;
  versions: number;
  records: number;
  kills: number;
  /** Largest burst of updates within one second. */
  burst: number;
  /** Share of the poller's requests that each kind of fault strikes. */
  faults: number;
  seed: number;
  log?: (line: string) => void;
}

interface Watched {
  slot: Slot;
  user: string;
  sees: (version: Written) => boolean;
  polls: CompletePoll[];
}

export interface TortureResult extends Verdict {
  scene: string;
  kills: number;
  polls: number;
  failedPolls: number;
  requestsPerPoll: number;
  faultsStruck: number;
  slots: Record<string, Verdict>;
  naive: Record<string, { emitted: number; lost: number; doubled: number }>;
  writerMemoryBytes: number;
  errors: string[];
}

const TABLES = ["incident", "problem", "sn_customerservice_case"] as const;

function slotsFor(agent: string): Watched[] {
  const fields = ["number", "category"];
  return [
    {
      slot: { name: "all", props: { table: "incident", fields } },
      user: agent,
      sees: ({ table }) => table === "incident",
      polls: [],
    },
    {
      slot: { name: "filter", props: { table: "problem", fields, query: "category=software" } },
      user: agent,
      sees: ({ table, category }) => table === "problem" && category === "software",
      polls: [],
    },
    {
      slot: { name: "parent", props: { table: "task", fields: ["number"] } },
      user: agent,
      sees: () => true,
      polls: [],
    },
    {
      slot: { name: "hidden", props: { table: "incident", fields } },
      user: "employee",
      sees: ({ table, mine }) => table === "incident" && mine,
      polls: [],
    },
  ];
}

/** The process that polls, started anew after each kill. */
class Poller {
  private child: ChildProcess | undefined;
  private waiting = new Map<number, (reply: Reply | undefined) => void>();
  private next = 1;
  kills = 0;

  constructor(private readonly folder: string) {}

  private start(): ChildProcess {
    const child = fork(join(__dirname, "poller.ts"), [], {
      execArgv: ["-r", "ts-node/register"],
      env: { ...process.env, TORTURE_FOLDER: this.folder, NODE_OPTIONS: "" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (reply: Reply) => {
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
    child.on("exit", () => {
      if (this.child !== child) return;
      this.child = undefined;
      this.giveUp();
    });
    return child;
  }

  /** Undefined when the process was killed meanwhile. */
  poll(command: Omit<Command, "id">): Promise<Reply | undefined> {
    const child = (this.child ??= this.start());
    const id = this.next++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      child.send({ ...command, id } satisfies Command);
    });
  }

  kill(): void {
    if (!this.child) return;
    this.kills++;
    this.child.kill("SIGKILL");
    this.child = undefined;
    this.giveUp();
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

/** One run: an instance, a writer, pollers, and the verdict. The instance's clock is stopped and moved by hand. */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  const { scene, log = () => undefined } = options;
  const random = randomFrom(options.seed);
  const folder = mkdtempSync(join(tmpdir(), "torture-"));
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify({ dateLiterals: scene.literals, seed: options.seed }));
  const instance = await startProgram("instance", [
    "--port",
    "0",
    "--seed",
    "demo",
    "--incidents",
    "50",
    "--config",
    config,
    "--control",
  ]);
  const poller = new Poller(folder);
  try {
    return await run();
  } finally {
    poller.stop();
    await instance.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  async function control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${instance.url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`control ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  async function run(): Promise<TortureResult> {
    let now = Date.parse(`${scene.start}Z`) / 1000;
    const move = async (seconds: number) => {
      now += seconds;
      await control("POST", "clock", { set: now * 1000, freeze: true });
    };
    await move(0);
    const admin = await Client.signIn(instance.url, "admin");
    const workload = new Workload(admin, random, () => now);
    for (const table of TABLES) await workload.create(table, Math.ceil(options.records / TABLES.length));
    log(`${workload.written} records written`);
    await move(300);

    const watched = slotsFor(scene.agent);
    const naive = naiveCursors();
    const tokens = new Map<string, string>();
    const authOf = async (user: string) => {
      let token = tokens.get(user);
      if (!token) tokens.set(user, (token = await signIn(instance.url, user)));
      return { instance_name: instance.url, oauth_access_token: token };
    };
    for (const { slot, user } of watched) {
      const reply = await poller.poll({ slot, auth: await authOf(user), hook: "deploy", now });
      if (reply?.error) throw new Error(`Deploying ${slot.name}: ${reply.error}`);
    }
    for (const cursor of naive) await cursor.poll(admin, "incident", now);
    const from = now;
    const users = [...new Set(watched.map(({ user }) => user))];
    await control("PUT", "faults", { faults: faultPlan(users, options.faults), seed: options.seed });
    await move(5);

    let polls = 0;
    let failed = 0;
    const errors = new Map<string, number>();
    const pollSlot = async (entry: Watched): Promise<boolean> => {
      const begun = now;
      const reply = await poller.poll({ slot: entry.slot, auth: await authOf(entry.user), now: begun });
      polls++;
      if (!reply) return false;
      if (reply.error) {
        failed++;
        const kind = reply.error.slice(0, 100);
        errors.set(kind, (errors.get(kind) ?? 0) + 1);
        // As a host does: the account gets a new token.
        if (/401|sign|authenticat/i.test(reply.error)) tokens.delete(entry.user);
        return false;
      }
      const complete = !reply.logs.some((line) => /next poll|seconds old/.test(line));
      if (complete) entry.polls.push({ from: begun, to: now });
      return complete;
    };

    // Sometimes two polls of one source at a time, as an impatient schedule asks for them; the host runs them one after the other.
    const pollSome = (): Promise<unknown> => {
      const chosen = watched.filter(() => random.chance(0.7));
      return Promise.all([...chosen, ...chosen.filter(() => random.chance(0.1))].map(pollSlot));
    };
    const target = workload.written + options.versions;
    const bursts = Math.max(1, Math.floor(options.versions / options.burst / 3));
    let burstsLeft = bursts;
    while (workload.written < target) {
      const polling = random.chance(0.6) ? pollSome() : Promise.resolve();
      if (poller.kills < options.kills && random.chance(0.5)) {
        const pause = random.below(120);
        setTimeout(() => poller.kill(), pause).unref();
      }
      const kind = random.below(10);
      if (kind < 3 && burstsLeft > 0) {
        burstsLeft--;
        await workload.update(options.burst);
      } else if (kind < 5) await workload.hot(5, 3);
      else if (kind === 5) await workload.late(5);
      else if (kind === 6) await workload.backDate(2);
      else if (kind === 7) await workload.remove(3);
      else if (kind === 8) await workload.create(random.pick(TABLES), 20);
      else await workload.update(30 + random.below(Math.max(50, Math.floor(options.burst / 4))));
      await polling;
      await move(random.pick([0, 1, 1, 2, 5, 20, 45]));
      if (random.chance(0.5)) for (const cursor of naive) await cursor.poll(admin, "incident", now);
    }
    log(`${workload.written} versions written, ${polls} polls, ${poller.kills} kills`);

    const { faults: struck } = (await control("GET", "state")) as unknown as {
      faults: { id: string; seen: number; struck: number }[];
    };
    const requests = struck
      .filter(({ id }) => id.startsWith("503"))
      .reduce((total, { seen }) => total + seen, 0);
    const pollsWithRequests = polls;
    await move(200);
    await control("PUT", "faults", { faults: [], seed: 1 });
    for (const entry of watched) {
      for (let round = 0; ; round++) {
        if (round === 100)
          throw new Error(
            `The slot ${entry.slot.name} does not come to its end: ${[...errors.keys()].join("; ")}`,
          );
        if (await pollSlot(entry)) break;
      }
    }
    for (let round = 0; round < 20; round++)
      for (const cursor of naive) await cursor.poll(admin, "incident", now);

    const verdicts: Record<string, Verdict> = {};
    for (const { slot, sees, polls: complete } of watched)
      verdicts[slot.name] = judge(workload.truth, readJournal(folder, slot.name), complete, sees, from);
    const all = Object.values(verdicts);
    const sum = (name: keyof Verdict) => all.reduce((total, verdict) => total + verdict[name], 0);
    const most = (name: keyof Verdict) => Math.max(...all.map((verdict) => verdict[name]));
    return {
      scene: scene.name,
      versions: sum("versions"),
      emitted: sum("emitted"),
      coalesced: sum("coalesced"),
      lost: sum("lost"),
      doubled: sum("doubled"),
      outOfOrder: sum("outOfOrder"),
      largestDelaySeconds: most("largestDelaySeconds"),
      largestStateBytes: most("largestStateBytes"),
      kills: poller.kills,
      polls,
      failedPolls: failed,
      requestsPerPoll: requests / Math.max(1, pollsWithRequests),
      faultsStruck: struck.reduce((total, fault) => total + fault.struck, 0),
      slots: verdicts,
      naive: Object.fromEntries(
        naive.map(({ name, emitted }) => [
          name,
          judgeNaive(workload.truth, emitted, ({ table }) => table === "incident", from),
        ]),
      ),
      writerMemoryBytes: process.memoryUsage().rss,
      errors: [...errors].map(([text, times]) => `${times} × ${text}`),
    };
  }
}
