import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { until } from "../../figures";
import type { HostClient } from "../../demo/host-client";
import { connectAccount } from "../../demo/steps";
import { HostFolder } from "../../hosts/host-folder";
import { startProgram, type Program } from "../../programs";
import { BOUNDARIES, stepsOf } from "./definition";
import { judgeRuns, type RunSeen, type RunVerdict } from "./verdict";
import { writeProxy } from "./write-proxy";

export interface WorkflowTortureOptions {
  kills: number;
  /** Seconds between two events of the source, each of which starts a run. */
  eventEverySeconds: number;
  log?: (line: string) => void;
}

export interface WorkflowTortureResult extends RunVerdict {
  runs: number;
  kills: number;
  /** Of the kills, how many came at the boundary that was due; the others came at no place in particular. */
  killsAtBoundaries: number;
  seconds: number;
}

/** How long a boundary is waited for before the host is killed wherever it is. */
const PATIENCE_MS = 30_000;
const SETTLE_MS = 600_000;
const NOTE_STEPS = `
create or replace function note_step() returns trigger language plpgsql as
  $$ begin perform pg_notify('torture', new.path || ' ' || new.status); return null; end $$;
create or replace trigger note_steps after update of status on workflow_steps
  for each row when (old.status is distinct from new.status) execute function note_step()`;

/** A host with its embedded database runs a workflow of fifteen steps for each event of a source, and is killed at one boundary after the other. */
export async function tortureWorkflows(options: WorkflowTortureOptions): Promise<WorkflowTortureResult> {
  const torture = new Torture(options);
  try {
    return await torture.run();
  } finally {
    await torture.end();
  }
}

class Torture {
  readonly #options: WorkflowTortureOptions;
  readonly #log: (line: string) => void;
  readonly #folder = new HostFolder([join(__dirname, "../components")]);
  readonly #resumedAt = new Map<string, number>();
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #over = new AbortController();
  #program: Program | undefined;
  #client!: HostClient;
  #listener: pg.Client | undefined;
  /** The boundary at which the host is killed next, and who waits for that. */
  #target = "";
  #hit: () => void = () => undefined;

  constructor(options: WorkflowTortureOptions) {
    this.#options = options;
    this.#log = options.log ?? (() => undefined);
  }

  async run(): Promise<WorkflowTortureResult> {
    const began = performance.now();
    const instance = await startProgram("instance", ["--port", "0", "--seed", "demo", "--incidents", "10"]);
    this.#stops.push(() => instance.stop());
    const proxy = await writeProxy(instance.url, (name, moment) =>
      this.#reached(`${name} ${moment} its write`),
    );
    this.#stops.push(() => proxy.stop());
    await this.#start();
    const account = await connectAccount(this.#client, proxy.url);
    const trigger = await this.#makeWorkflow(account.name);
    const resuming = this.#resumeWhatWaits();
    let killsAtBoundaries = 0;
    for (let kill = 0; kill < this.#options.kills; kill += 1) {
      const target = BOUNDARIES[kill % BOUNDARIES.length] ?? "";
      if (await this.#killAt(target)) killsAtBoundaries += 1;
      else this.#log(`"${target}" was not reached in time`);
      if ((kill + 1) % 20 === 0) this.#log(`${kill + 1} kills`);
    }
    const runs = await this.#settle(trigger);
    this.#over.abort();
    await resuming;
    const [row] = await this.#folder.query<{ n: number }>(
      "select coalesce((db::json ->> 'n')::int, 0) as n from triggers where id = $1",
      [trigger],
    );
    const made = await recordsOf(instance.url);
    return {
      runs: runs.length,
      kills: this.#options.kills,
      ...judgeRuns(row?.n ?? 0, runs, made, this.#resumedAt, this.#log),
      killsAtBoundaries,
      seconds: Math.round((performance.now() - began) / 1000),
    };
  }

  async end(): Promise<void> {
    this.#over.abort();
    await this.#listener?.end().catch(() => undefined);
    await this.#program?.stop();
    for (const stop of this.#stops.splice(0)) await stop();
    await this.#folder.remove();
  }

  async #start(): Promise<void> {
    const { program, client } = await this.#folder.start();
    this.#program = program;
    this.#client = client;
    await this.#folder.query(NOTE_STEPS);
    const listener = this.#folder.connection();
    listener.on("error", () => undefined);
    listener.on("notification", ({ payload }) => this.#reached(payload ?? ""));
    await listener.connect();
    await listener.query("listen torture");
    this.#listener = listener;
  }

  /** @returns the id of its source. */
  async #makeWorkflow(account: string): Promise<string> {
    const made = await this.#client.call<{ triggers: { trigger_id?: string }[] }>("POST", "/api/workflows", {
      name: "Torture",
      enabled: true,
      triggers: [
        {
          id: "numbers",
          uses: "torture-tally",
          props: { timer: { intervalSeconds: this.#options.eventEverySeconds }, perRun: 1 },
        },
      ],
      steps: stepsOf(account),
    });
    return made.triggers[0]?.trigger_id ?? "";
  }

  #reached(boundary: string): void {
    if (boundary !== this.#target) return;
    this.#target = "";
    // At once, before anybody hears of what was just done.
    this.#program?.process.kill("SIGKILL");
    this.#hit();
  }

  /** @returns false when the boundary was not reached in time, and the host was killed somewhere else. */
  async #killAt(target: string): Promise<boolean> {
    const isHit = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      this.#hit = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#target = target;
    });
    this.#target = "";
    this.#program?.process.kill("SIGKILL");
    await this.#program?.exited;
    await this.#listener?.end().catch(() => undefined);
    await this.#start();
    return isHit;
  }

  /** Opens the resume address of each suspended step, a while after it was first seen to wait. */
  async #resumeWhatWaits(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await delay(1000, undefined, { signal }).catch(() => undefined);
      try {
        const waiting = await this.#folder.query<{ run_id: string }>(
          "select run_id from workflow_steps where path = 'wait' and status = 'waiting' and resume_hash is not null",
        );
        for (const { run_id } of waiting) await this.#resume(run_id);
      } catch {
        // The host is being killed; the next look finds what still waits.
      }
    }
  }

  async #resume(run: string): Promise<void> {
    const { steps } = await this.#client.call<{ steps: { resume_url?: string }[] }>(
      "GET",
      `/api/runs/${run}`,
    );
    const url = steps.find(({ resume_url }) => resume_url !== undefined)?.resume_url;
    if (url === undefined) return;
    if (!this.#resumedAt.has(run)) this.#resumedAt.set(run, Date.now());
    await fetch(url, { method: "POST" });
  }

  /** Pauses the source and waits until no run goes on. */
  async #settle(trigger: string): Promise<RunSeen[]> {
    const path = `/v1/connect/local/deployed-triggers/${trigger}?external_user_id=local`;
    await this.#client.call("PUT", path, { active: false });
    const open = "select count(*)::int as n from workflow_runs where status in ('queued', 'running')";
    await until(
      "the end of all runs",
      async () => (await this.#folder.query<{ n: number }>(open))[0]?.n === 0,
      SETTLE_MS,
      500,
    );
    const runs = await this.#folder.query<{ id: string }>("select id from workflow_runs");
    const seen: RunSeen[] = [];
    for (const { id } of runs) seen.push(await this.#client.call<RunSeen>("GET", `/api/runs/${id}`));
    return seen;
  }
}

async function recordsOf(instance: string): Promise<string[]> {
  const query =
    "sysparm_query=short_descriptionSTARTSWITHtorture&sysparm_fields=short_description&sysparm_limit=100000";
  const response = await fetch(`${instance}/api/now/table/incident?${query}`, {
    headers: { authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}` },
  });
  const { result } = (await response.json()) as { result: { short_description: string }[] };
  return result.map(({ short_description }) => short_description);
}
