import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram, type Program } from "../programs";
import { COUNTER, FAULT_KINDS, faultPlan, type FaultKind } from "./faults";
import { peakBytes } from "./memory";
import { countingProxy, type CountingProxy } from "./proxy";
import type { Scene } from "./scenes";

interface Seen {
  id: string;
  seen: number;
  struck: number;
}

/** An instance in a process of its own, whose clock is stopped and moved by hand, and the line to it. */
export class World {
  /** Simulated time, epoch seconds. */
  now: number;
  requests = 0;
  /** How often each kind of fault struck. */
  readonly struckBy = new Map<string, number>();
  private plan: { users: readonly string[]; share: number } | undefined;
  private round = 0;

  private constructor(
    readonly folder: string,
    private readonly instance: Program,
    private readonly proxy: CountingProxy,
    scene: Scene,
    private readonly seed: number,
    private readonly kinds: readonly FaultKind[],
  ) {
    this.now = Date.parse(`${scene.start}Z`) / 1000;
  }

  static async begin(scene: Scene, seed: number, kinds: readonly FaultKind[] = FAULT_KINDS): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "torture-"));
    const config = join(folder, "config.json");
    // No order beyond the one that is asked for: what a page leaves equal comes in another order on the next.
    writeFileSync(config, JSON.stringify({ dateLiterals: scene.literals, seed, unstableTies: true }));
    const args = ["--port", "0", "--seed", "demo", "--incidents", "50", "--config", config, "--control"];
    const instance = await startProgram("instance", args);
    const world = new World(folder, instance, await countingProxy(instance.url), scene, seed, kinds);
    await world.move(0);
    return world;
  }

  /** For the writer and the baseline cursors. */
  get url(): string {
    return this.instance.url;
  }

  /** For the sources, whose traffic is counted. */
  get sourcesUrl(): string {
    return this.proxy.url;
  }

  get receivedBytes(): number {
    return this.proxy.received();
  }

  get instanceMemory(): number {
    return peakBytes(this.instance.process.pid).own;
  }

  private async control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.instance.url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`control ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  async move(seconds: number): Promise<void> {
    this.now += seconds;
    await this.control("POST", "clock", { set: this.now * 1000, freeze: true });
    await this.arm();
  }

  /** From here on things go wrong for these users; without any user nothing does. */
  async trouble(users: readonly string[], share: number): Promise<void> {
    this.plan = { users, share };
    await this.arm();
  }

  /** The plan holds dates, so it is made again as time goes on. */
  private async arm(): Promise<void> {
    if (!this.plan) return;
    const { faults } = (await this.control("GET", "state")) as unknown as { faults: Seen[] };
    for (const { id, seen, struck } of faults) {
      if (id.startsWith(COUNTER)) this.requests += seen;
      else if (struck > 0) this.count(id.split(" | ")[0] ?? id, struck);
    }
    const { users, share } = this.plan;
    await this.control("PUT", "faults", {
      // The writer's late commits are there from the first second of trouble on, whatever else strikes.
      faults: users.length === 0 ? [] : faultPlan(users, share, this.now, this.kinds),
      seed: this.seed + this.round++,
    });
  }

  private count(kind: string, times: number): void {
    this.struckBy.set(kind, (this.struckBy.get(kind) ?? 0) + times);
  }

  get struck(): number {
    return [...this.struckBy].reduce((sum, [kind, times]) => (kind === "late commit" ? sum : sum + times), 0);
  }

  /** What the sources asked for, as the line to the instance saw it. */
  get reads(): ReadonlyMap<string, number> {
    return this.proxy.reads;
  }

  async end(): Promise<void> {
    await this.proxy.stop();
    await this.instance.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
