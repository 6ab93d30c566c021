import { Access } from "./access/access";
import { Users, type User } from "./access/users";
import { Clock } from "./clock";
import type { Config } from "./config";
import { readCustom } from "./dictionary/custom";
import { Dictionary } from "./dictionary/model";
import { FaultPlan } from "./faults/plan";
import { ChoiceBook } from "./records/choice-book";
import { Displays } from "./records/displays";
import { Jobs } from "./jobs";
import type { Outbound, Sent } from "./records/outbound";
import { Numbers } from "./records/numbers";
import { Pending } from "./records/pending";
import { Random } from "./random";
import { Store } from "./store/store";

/** On whose behalf something is read or written, and how. */
export interface Session {
  user: User;
  /** `v1`, `v2` or nothing: links in answers repeat the version of the request. */
  version?: string;
  /** Late commit asked for by a fault, in seconds. */
  commitDelaySeconds?: number;
  /** Share of the rows of a page that a fault hides. */
  hideRows?: number;
  /** Calls of business rules that the request has made so far; only while a request can wait for more. */
  outbound?: Outbound;
  /** What the request waits for after its writes: business rules that run once they are committed. */
  followUps?: Promise<void>[];
}

/** Work to be done once a write is committed: outbound calls, asynchronous rules. */
export type Effect = () => void;

/** One line of the log that the people's page shows. */
export interface LoggedRequest {
  time: number;
  method: string;
  url: string;
  status: number;
  user: string;
  milliseconds: number;
  faults: string[];
}

/** Everything the parts of the instance share. Made once per process or test. */
export class Instance {
  readonly dictionary = new Dictionary();
  readonly clock = new Clock();
  readonly jobs = new Jobs(this.clock);
  readonly faults = new FaultPlan();
  readonly store: Store;
  readonly users: Users;
  readonly choices: ChoiceBook;
  readonly displays: Displays;
  readonly access: Access;
  readonly numbers: Numbers;
  readonly pending: Pending;
  readonly random: Random;
  readonly log: LoggedRequest[] = [];
  /** What business rules sent to other servers. */
  readonly sent: Sent[] = [];
  /** False once the instance is closed. */
  open = true;
  /** Set once the server listens. */
  listeningOn = "http://127.0.0.1";

  constructor(
    readonly config: Config,
    file: string | undefined,
  ) {
    this.store = new Store(this.dictionary, file);
    readCustom(this.dictionary, this.store);
    this.users = new Users(this.store, () => config.systemTimeZone);
    this.choices = new ChoiceBook(this.dictionary, this.store);
    this.displays = new Displays(this.dictionary, this.store);
    this.access = new Access(this.dictionary, this.store, config, () => this.clock.now());
    this.numbers = new Numbers(this.store);
    this.pending = new Pending(this.store, () => this.clock.now());
    this.random = new Random(config.seed);
    this.faults.set(config.faults, config.seed);
  }

  /** Base of links in answers. */
  get baseUrl(): string {
    return this.config.baseUrl || this.listeningOn;
  }

  /** The time that records are stamped with; a skewed node stamps ahead of the clock of the Date header. */
  stampTime(): number {
    return this.clock.now() + this.config.skewSeconds * 1000;
  }

  close(): void {
    this.open = false;
    this.jobs.stop();
    this.store.close();
  }
}
