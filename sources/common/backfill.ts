import { cursorTimeOf, type Feed, type PollReport, type SavedFeedState } from "../../common/change-feed";
import { feedOf, type Stream } from "./feed";
import { loadState, log, type SourceThis } from "./this";

const KEY = "backfill";
/** What one poll may take; the feed of new versions comes first, the old ones get what it leaves. */
const BUDGET = { rows: 5_000, requests: 200, seconds: 45 };
/** A feed starts this many seconds before the moment it is given, so that late commits are read too. */
const SETTLING = 60;

interface Saved {
  /** Epoch seconds of the first record. */
  from: number;
  /** The last second that belongs to the backfill; null until the feed of new versions has begun behind it. */
  until: number | null;
  /** The backfill's own cursor. */
  state?: SavedFeedState;
}

/**
 * The records that were there before a source began, oldest first. They are a feed of their own, which ends where the feed of new
 * versions begins: a record that changes meanwhile leaves the one and comes with the other. Each has its own cursor, saved behind every
 * slice, so neither loses or repeats anything when a poll is killed.
 */
export class Backfill {
  /** What both feeds emit: nothing from before the first second, as of a start within the last minute. */
  readonly stream: Stream;
  private readonly began = performance.now();

  constructor(
    private readonly source: SourceThis,
    stream: Stream,
    /** Called behind each save of the old records' cursor: what the source remembers beside the cursor of the new ones goes with it. */
    private readonly onSave: () => void = () => undefined,
  ) {
    const isDue = ({ time }: { time: number }) => time >= (this.from ?? Number.NEGATIVE_INFINITY);
    this.stream = { ...stream, emit: (versions) => stream.emit(versions.filter(isDue)) };
  }

  /** The first second of the old records, while some of them are still to come. */
  get from(): number | undefined {
    return this.load()?.from;
  }

  /** Starts the feed of new versions at the present, and notes that the records since `from` are still to come. */
  async start(live: Feed, from: number): Promise<PollReport> {
    this.save({ from, until: null });
    // A moment that is given, and later than now: the versions of the last minute are new ones, not history.
    const report = await live.start({ first: 0, since: Number.MAX_SAFE_INTEGER });
    this.noteEnd();
    log("The records that are there already follow with the next polls, oldest first.");
    return report;
  }

  /** Polls for new versions, then goes on with the old ones. */
  async poll(live: Feed): Promise<PollReport> {
    const saved = this.load();
    if (!saved) return live.poll();
    if (saved.until === null) {
      if (loadState(this.source)) this.noteEnd();
      else return this.start(live, saved.from);
    }
    const report = await live.poll();
    if (report.started) {
      this.drop();
      return report;
    }
    return report.waiting === 0 ? this.drain(report) : report;
  }

  /** The stream became another one: what the old one still had to say is no longer asked for. */
  drop(): void {
    if (this.load()) this.source.db.set(KEY, null);
  }

  private async drain(live: PollReport): Promise<PollReport> {
    const saved = this.load();
    if (!saved || saved.until === null) return live;
    const feed = feedOf(this.source, this.stream, {
      load: () => this.load()?.state,
      save: (state) => {
        this.save({ ...saved, state });
        this.onSave();
      },
      until: saved.until,
      budget: {
        rows: BUDGET.rows - live.emitted,
        requests: BUDGET.requests - live.requests,
        seconds: BUDGET.seconds - (performance.now() - this.began) / 1000,
      },
      log: (message) => log(`Old records: ${message}`),
    });
    if (!saved.state) await feed.start({ first: 0, since: saved.from + SETTLING });
    const report = await feed.poll();
    if (report.waiting === 0) {
      this.drop();
      log("All records that were there at the beginning have been emitted.");
    }
    return { ...live, emitted: live.emitted + report.emitted, requests: live.requests + report.requests };
  }

  private noteEnd(): void {
    const saved = this.load();
    const until = cursorTimeOf(loadState(this.source));
    if (saved && until !== undefined) this.save({ ...saved, until });
  }

  private load(): Saved | undefined {
    return (this.source.db.get(KEY) as Saved | null | undefined) ?? undefined;
  }

  private save(saved: Saved): void {
    this.source.db.set(KEY, saved);
  }
}
