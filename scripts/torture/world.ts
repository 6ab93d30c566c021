import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram, type Program } from "../programs";
import { COUNTER, faultPlan } from "./faults";
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
  struck = 0;
  private plan: { users: readonly string[]; share: number } | undefined;
  private round = 0;

  private constructor(
    readonly folder: string,
    private readonly instance: Program,
    private readonly proxy: CountingProxy,
    scene: Scene,
    private readonly seed: number,
  ) {
    this.now = Date.parse(`${scene.start}Z`) / 1000;
  }

  static async begin(scene: Scene, seed: number): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "torture-"));
    const config = join(folder, "config.json");
    // No order beyond the one that is asked for: what a page leaves equal comes in another order on the next.
    writeFileSync(config, JSON.stringify({ dateLiterals: scene.literals, seed, unstableTies: true }));
    const args = ["--port", "0", "--seed", "demo", "--incidents", "50", "--config", config, "--control"];
    const instance = await startProgram("instance", args);
    const world = new World(folder, instance, await countingProxy(instance.url), scene, seed);
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

  /** From here on things go wrong for these users; without a share nothing does. */
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
      else this.struck += struck;
    }
    const { users, share } = this.plan;
    await this.control("PUT", "faults", {
      faults: share === 0 ? [] : faultPlan(users, share, this.now),
      seed: this.seed + this.round++,
    });
  }

  async end(): Promise<void> {
    await this.proxy.stop();
    await this.instance.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
