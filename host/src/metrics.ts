import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { sql } from "kysely";
import type { Database } from "./db/database";

const REQUEST_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60];
const RUN_SECONDS = [0.05, 0.2, 1, 5, 20, 60, 300];

/** What is counted where it happens, and what is asked of the database when somebody looks. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram;
  readonly #runs: Histogram;
  readonly #failures: Counter;

  constructor(
    readonly db: Database,
    /** Component processes that are alive. */
    readonly processes: () => number,
  ) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Histogram({
      name: "host_http_request_duration_seconds",
      help: "Time from a request to the end of its answer, by route",
      labelNames: ["method", "route", "status"],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.#runs = new Histogram({
      name: "host_component_run_duration_seconds",
      help: "Time of a task in a component process, by its kind",
      labelNames: ["task", "outcome"],
      buckets: RUN_SECONDS,
      registers,
    });
    this.#failures = new Counter({
      name: "host_messages_total",
      help: "Lines that the host wrote for the person who runs it; each is worth a look",
      registers,
    });
    const alive = this.processes;
    new Gauge({
      name: "host_component_processes",
      help: "Component processes that are alive",
      registers,
      collect() {
        this.set(alive());
      },
    });
    this.#askDatabase(registers);
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  run(task: string, outcome: "ok" | "error", seconds: number): void {
    this.#runs.observe({ task, outcome }, seconds);
  }

  message(): void {
    this.#failures.inc();
  }

  /** The metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** States that stand in rows are the same whichever process is asked. */
  #askDatabase(registers: Registry[]): void {
    const { db } = this;
    const gauge = (
      name: string,
      help: string,
      label: string,
      ask: () => Promise<{ label: string; count: number }[]>,
    ) =>
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        async collect() {
          this.reset();
          for (const row of await ask()) this.set({ [label]: row.label }, Number(row.count));
        },
      });
    const rows = async (query: ReturnType<typeof sql<{ label: string; count: number }>>) =>
      (await query.execute(db)).rows;
    gauge("host_triggers", "Deployed triggers", "state", () =>
      rows(sql`select case when not active then 'paused' when failures > 0 then 'failing' else 'active' end as label,
        count(*)::int as count from triggers where state = 'ready' group by 1`),
    );
    gauge("host_deliveries", "Events that wait for a webhook, and dead letters", "state", () =>
      rows(sql`select case when dead_at is null then 'waiting' else 'dead' end as label, count(*)::int as count
        from deliveries group by 1`),
    );
    gauge("host_workflow_runs", "Runs of workflows that are kept, by status", "status", () =>
      rows(sql`select status as label, count(*)::int as count from workflow_runs group by 1`),
    );
    gauge("host_accounts", "Connected accounts", "state", () =>
      rows(sql`select case when needs_reconnect then 'needs_reconnect' when not healthy then 'unhealthy' else 'healthy' end as label,
        count(*)::int as count from accounts group by 1`),
    );
    gauge("host_poll_delay_seconds", "How late the poll is that waits longest", "queue", () =>
      rows(sql`select 'polls' as label, coalesce(max(greatest(now_ms() - next_run_at, 0)), 0)::float8 / 1000 as count
        from triggers where active and state = 'ready'`),
    );
  }
}
