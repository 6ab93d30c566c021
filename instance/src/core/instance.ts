import { Access } from "../access/access";
import { Users } from "../users/users";
import { Clock } from "../clock/clock";
import type { Config } from "./config";
import { readCustom } from "../store/custom-tables";
import { Dictionary } from "../dictionary/model";
import { FaultPlan } from "../faults/plan";
import { ChoiceCache } from "../store/choice-cache";
import { DisplayValues } from "../store/display-values";
import { Jobs } from "../clock/jobs";
import { Numbers } from "../store/numbers";
import { LateCommits } from "./late-commits";
import { Random } from "../ids/random";
import { Store } from "../store/store";
import type { LoggedRequest, Sent } from "./session";

/** Everything the parts of the instance share. Made once per process or test. */
export class Instance {
  readonly dictionary = new Dictionary();
  readonly clock = new Clock();
  readonly jobs = new Jobs(this.clock);
  readonly faults = new FaultPlan();
  readonly store: Store;
  readonly users: Users;
  readonly choices: ChoiceCache;
  readonly displays: DisplayValues;
  readonly access: Access;
  readonly numbers: Numbers;
  readonly lateCommits: LateCommits;
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
    this.choices = new ChoiceCache(this.dictionary, this.store);
    this.displays = new DisplayValues(this.dictionary, this.store);
    this.access = new Access(this.dictionary, this.store, config, () => this.clock.now());
    this.numbers = new Numbers(this.store);
    this.lateCommits = new LateCommits(this.store, () => this.clock.now());
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
