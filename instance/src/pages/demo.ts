import type { Instance } from "../core/instance";
import { readInput } from "../records/input";
import { insertRecord, updateRecord } from "../records/write";
import type { Session } from "../core/session";

const subjects = [
  "Cannot log in",
  "Printer is offline",
  "E-mail is slow",
  "Screen stays black",
  "No network in room 12",
];

/** Creates incidents and returns their numbers. */
export function createRecords(instance: Instance, session: Session, count: number): string[] {
  const table = instance.dictionary.known("incident");
  return Array.from({ length: count }, () => {
    const values = {
      short_description: instance.random.pick(subjects),
      urgency: 1 + instance.random.below(3),
      impact: 1 + instance.random.below(3),
      caller_id: session.user.sysId,
    };
    return String(
      insertRecord(instance, session, table, readInput(instance, session, table, values, false)).number,
    );
  });
}

/** Comments on the newest open incidents and returns their numbers. */
export function changeRecords(instance: Instance, session: Session, count: number): string[] {
  const table = instance.dictionary.known("incident");
  const rows = instance.store.all(
    "SELECT sys_id, number, urgency FROM task WHERE sys_class_name = 'incident' AND state < 6 ORDER BY sys_updated_on DESC LIMIT ?",
    [count],
  );
  return rows.map((row) => {
    const values = { urgency: (Number(row.urgency) % 3) + 1, comments: "Changed on the demo page" };
    updateRecord(
      instance,
      session,
      table,
      String(row.sys_id),
      readInput(instance, session, table, values, false),
    );
    return String(row.number);
  });
}

/** A steady stream of new incidents, until it is stopped or the instance closes. */
export class Stream {
  made = 0;
  last = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly instance: Instance) {}

  get running(): boolean {
    return this.#timer !== undefined;
  }

  start(session: Session): void {
    this.stop();
    this.made = 0;
    this.#timer = setInterval(() => {
      if (!this.instance.open) return this.stop();
      createRecords(this.instance, session, 1);
      this.made += 1;
    }, 2000);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.last = this.made > 0 ? `The stream made ${this.made} incidents.` : "";
  }
}

const streams = new WeakMap<Instance, Stream>();

export function streamOf(instance: Instance): Stream {
  let stream = streams.get(instance);
  if (!stream) streams.set(instance, (stream = new Stream(instance)));
  return stream;
}
