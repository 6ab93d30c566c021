import type { Database } from "../db/database";
import { notify, type Notifications } from "../db/notifications";

/** The actions that this process runs, each with what ends it. A run of another process is ended by telling all of them. */
export class RunningActions {
  readonly #cuts = new Map<string, AbortController>();

  constructor(
    readonly db: Database,
    notifications: Pick<Notifications, "on">,
  ) {
    notifications.on("notification", (said) => {
      if (said.kind === "cancel-action") this.#cuts.get(said.run)?.abort();
    });
  }

  /** Runs `job` with a signal that ends it when the run is cancelled, or when `signal` says so. */
  async during<T>(run: string, job: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const cut = new AbortController();
    this.#cuts.set(run, cut);
    try {
      return await job(signal ? AbortSignal.any([signal, cut.signal]) : cut.signal);
    } finally {
      this.#cuts.delete(run);
    }
  }

  /** Ends a run, whichever process has it. Its row says so once it has ended. */
  cancel(run: string): Promise<void> {
    return notify(this.db, { kind: "cancel-action", run });
  }
}
