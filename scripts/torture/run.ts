import { Client, signIn } from "./client";
import { baselineCursors } from "./baseline";
import { logBranches, type Branches } from "./branches";
import { FAULT_KINDS } from "./faults";
import type { Death } from "./poller";
import { buildPoller, PollerProcess } from "./poller-process";
import { randomFrom } from "./random";
import { resultOf, type TortureOptions, type TortureResult } from "./result";
import { SOURCE_NAMES, watchedSources, type Watched } from "./watched";
import { Workload } from "./workload";
import { World } from "./world";
import { pickWrite, write, WRITE_KINDS, type WriteKind } from "./writes";

const TABLES = ["incident", "problem", "sn_customerservice_case"] as const;
/** An idle source looks this often whether its account has moved to another zone; until then it may be late, and is not judged. */
const MOVE_GRACE = 610;
/** W of the promise: what is older than this when a poll begins is settled. */
const WINDOW = 60;
/** Between two changes of a filter all versions of the first have settled. */
const FILTER_PAUSE = 200;

/** One run: an instance, a writer, sources that are polled and killed, and the verdict. */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  await buildPoller();
  const world = await World.begin(options.scene, options.seed, options.faultKinds ?? FAULT_KINDS);
  const poller = new PollerProcess(world.folder, options.source);
  try {
    return await new Run(options, world, poller).go();
  } finally {
    poller.stop();
    await world.end();
  }
}

class Run {
  private readonly random;
  private readonly tokens = new Map<string, string>();
  private readonly errors = new Map<string, number>();
  private readonly counts = { polls: 0, failedPolls: 0, takeOvers: 0, propChanges: 0, accountMoves: 0 };
  private readonly baselines = baselineCursors();
  private readonly branches: Branches = {};
  private readonly log: (line: string) => void;
  private admin!: Client;
  private workload!: Workload;
  private watched: Watched[] = [];
  private unjudgedUntil = 0;

  constructor(
    private readonly options: TortureOptions,
    private readonly world: World,
    private readonly poller: PollerProcess,
  ) {
    this.random = randomFrom(options.seed);
    this.log = options.log ?? (() => undefined);
  }

  async go(): Promise<TortureResult> {
    const began = performance.now();
    const { world, options, poller } = this;
    this.admin = await Client.signIn(world.url, "admin");
    this.workload = new Workload(this.admin, this.random, () => world.now);
    for (const table of TABLES) await this.workload.create(table, Math.ceil(options.records / TABLES.length));
    await world.move(300);
    const from = world.now;
    const { sources = SOURCE_NAMES } = options;
    this.watched = watchedSources(options.scene, from).filter(({ slot }) => sources.includes(slot.name));
    for (const entry of this.watched) await this.hook(entry, "deploy");
    for (const cursor of this.baselines) await cursor.poll(this.admin, "incident", world.now);
    await world.trouble([...new Set(this.watched.map(({ user }) => user))], options.faults);
    await world.move(5);
    const before = this.workload.written;
    await this.main(before);
    const committed = this.workload.written - before;
    if (options.scene.moves) await world.move(MOVE_GRACE);
    await world.trouble([], 0);
    const { polls } = this.counts;
    const receivedBytes = world.receivedBytes;
    const undrained = await this.drain();
    await this.finish();
    this.log(`${committed} versions, ${this.counts.polls} polls, ${poller.kills} kills`);
    return resultOf({
      options,
      world,
      poller,
      truth: this.workload.truth,
      watched: this.watched,
      baselines: this.baselines,
      branches: this.branches,
      errors: this.errors,
      from,
      figures: {
        ...this.counts,
        committed,
        undrained,
        polls,
        requests: world.requests,
        receivedBytes,
        seconds: Math.round((performance.now() - began) / 1000),
      },
    });
  }

  /** Writes and polls at the same time until the versions are written and the deaths have been died. */
  private async main(before: number): Promise<void> {
    const { options, world, random, poller, workload } = this;
    const target = before + options.versions;
    let burstsLeft = Math.max(1, Math.floor(options.versions / options.burst / 3));
    let told = 0;
    let flooded = false;
    while (workload.written < target) {
      const polling = random.chance(0.6) ? this.pollSome() : Promise.resolve();
      const due = (options.kills * (workload.written - before)) / options.versions;
      if (poller.kills < due && random.chance(0.5))
        setTimeout(() => poller.kill(), random.below(120)).unref();
      let kind = pickWrite(random, options.writes ?? WRITE_KINDS);
      if (kind === "burst" && burstsLeft-- <= 0) kind = "updates";
      await this.write(kind);
      if (!flooded && workload.written - before > options.versions / 2) {
        flooded = true;
        await this.flood();
      }
      await polling;
      poller.measure();
      if (random.chance(0.1)) await this.changeProps();
      await this.moveAccount((workload.written - before) / options.versions);
      await world.move(random.pick([0, 1, 1, 2, 5, 20, 45]));
      if (random.chance(0.5)) await this.pollBaselines();
      const tenth = Math.floor((10 * (workload.written - before)) / options.versions);
      if (tenth > told)
        this.log(`${(told = tenth) * 10} %, ${this.counts.polls} polls, ${poller.kills} kills`);
    }
    await this.deaths();
  }

  private async write(kind: WriteKind): Promise<void> {
    const { workload, random, options, world } = this;
    this.count(`writes: ${kind}`);
    await write(kind, {
      workload,
      random,
      burst: options.burst,
      tables: TABLES,
      move: (seconds) => world.move(seconds),
    });
  }

  /** More young records than a source remembers, and more settled ones than a poll takes. */
  private async flood(): Promise<void> {
    const { flood } = this.options.scene;
    if (!flood || this.options.versions < flood) return;
    await this.workload.create("incident", flood);
    await this.pollAll();
    await this.workload.create("incident", flood);
    await this.world.move(WINDOW + 30);
    await this.pollAll();
  }

  private pollAll(): Promise<boolean[]> {
    return Promise.all(this.watched.map((entry) => this.poll(entry)));
  }

  private count(branch: string, times = 1): void {
    this.branches[branch] = (this.branches[branch] ?? 0) + times;
  }

  /** The rest of the deaths: short runs cannot die as often as they should while they write. */
  private async deaths(): Promise<void> {
    for (let round = 0; this.poller.kills < this.options.kills && round < 10 * this.options.kills; round++) {
      await this.workload.update(200);
      await this.world.move(5);
      await Promise.all(this.watched.map((entry) => this.poll(entry, { death: this.death() })));
    }
  }

  /** Dying in the first saves is dying in the middle of a burst. */
  private death(): Death {
    return {
      save: 1 + this.random.below(3),
      when: this.random.pick(["before", "torn", "after"] as const),
    };
  }

  /** Sometimes two polls of a source at a time: one after the other, or the second takes over from the first. */
  private async pollSome(): Promise<void> {
    const { random, options, poller } = this;
    const chosen = this.watched.filter(() => random.chance(0.7));
    const again = chosen.filter(() => random.chance(0.15));
    const dies = poller.kills < options.kills && random.chance(options.kills / 200);
    const polls = chosen.map((entry, at) =>
      this.poll(entry, dies && at === 0 ? { death: this.death() } : {}),
    );
    const more = again.map((entry) => {
      const takeOver = random.chance(0.5);
      if (takeOver) this.counts.takeOvers++;
      return this.poll(entry, { takeOver });
    });
    await Promise.all([...polls, ...more]);
  }

  private async pollBaselines(): Promise<void> {
    for (const cursor of this.baselines) await cursor.poll(this.admin, "incident", this.world.now);
  }

  private async authOf(user: string): Promise<Record<string, string>> {
    let token = this.tokens.get(user);
    if (!token) this.tokens.set(user, (token = await signIn(this.world.url, user)));
    return { instance_name: this.world.sourcesUrl, oauth_access_token: token };
  }

  private async send(
    entry: Watched,
    more: { hook?: "deploy" | "activate"; death?: Death; takeOver?: boolean },
  ) {
    const { now } = this.world;
    const reply = await this.poller.run({
      slot: entry.slot,
      auth: await this.authOf(entry.user),
      now,
      clock: (now + (this.options.scene.clientAhead ?? 0)) * 1000,
      ...more,
    });
    for (const line of reply?.logs ?? []) for (const branch of logBranches(line)) this.count(branch);
    if (reply?.refused) this.count("saves refused to a poll that was taken over", reply.refused);
    if (reply?.error) {
      for (const branch of logBranches(reply.error)) this.count(branch);
      const kind = reply.error.slice(0, 100);
      this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
      // As a host does: the account gets a new token.
      if (/401|sign|authenticat/i.test(reply.error)) this.tokens.delete(entry.user);
    }
    return reply;
  }

  /** True when the poll came to its end and left nothing. */
  private async poll(entry: Watched, more: { death?: Death; takeOver?: boolean } = {}): Promise<boolean> {
    const from = this.world.now;
    const reply = await this.send(entry, more);
    this.counts.polls++;
    if (reply?.error) this.counts.failedPolls++;
    if (!reply || reply.error) return false;
    const complete = !reply.logs.some((line) => /next poll|seconds old/.test(line));
    if (complete && from >= this.unjudgedUntil) entry.polls.push({ from, to: this.world.now });
    return complete;
  }

  private async hook(entry: Watched, hook: "deploy" | "activate"): Promise<void> {
    for (let tries = 0; tries < 30; tries++) {
      const reply = await this.send(entry, { hook });
      if (reply && !reply.error) return;
    }
    throw new Error(
      `The hook ${hook} of ${entry.slot.name} does not succeed: ${[...this.errors.keys()].join("; ")}`,
    );
  }

  /** A user changes a source's settings between two polls. */
  private async changeProps(): Promise<void> {
    const switchable = this.watched.filter(({ switches }) => switches);
    if (switchable.length === 0) return;
    const entry = this.random.pick(switchable);
    const [next, ...others] = entry.switches ?? [];
    if (!next) return;
    if (next.sees && this.world.now - (entry.eras.at(-1)?.since ?? 0) < FILTER_PAUSE) return;
    entry.switches = [...others, next];
    entry.slot = { ...entry.slot, props: next.props };
    await this.hook(entry, "activate");
    if (next.sees) {
      entry.eras.push({ since: this.world.now, sees: next.sees });
      this.count("changes of a filter");
    }
    this.counts.propChanges++;
  }

  /** The account's user moves to another time zone. */
  private async moveAccount(done: number): Promise<void> {
    const { moves = [], agent } = this.options.scene;
    const zone = moves[this.counts.accountMoves];
    if (!zone || done < (this.counts.accountMoves + 1) / (moves.length + 1)) return;
    const found = await this.admin.send(
      "GET",
      `/api/now/table/sys_user?sysparm_query=user_name=${agent}&sysparm_fields=sys_id`,
    );
    const [user] = (found.data as { result: { sys_id: string }[] }).result;
    await this.admin.send("PATCH", `/api/now/table/sys_user/${user?.sys_id ?? ""}`, { time_zone: zone });
    this.counts.accountMoves++;
    this.unjudgedUntil = this.world.now + MOVE_GRACE;
  }

  /**
   * Nothing goes wrong any more: one poll, W, and a second poll have to bring each source to the end of what is there. Returns the names of
   * those that are not there.
   */
  private async drain(): Promise<string[]> {
    await this.pollAll();
    await this.world.move(WINDOW + 1);
    const drained = await this.pollAll();
    return this.watched.filter((_, at) => !drained[at]).map(({ slot }) => slot.name);
  }

  /** However long it takes, all sources come to their end, so that the verdict is about what they emit. */
  private async finish(): Promise<void> {
    for (const entry of this.watched) {
      for (let round = 0; !(await this.poll(entry)); round++) {
        if (round === 100)
          throw new Error(
            `The source ${entry.slot.name} does not come to its end: ${[...this.errors.keys()].join("; ")}`,
          );
      }
    }
    for (let round = 0; round < 20; round++) await this.pollBaselines();
  }
}
