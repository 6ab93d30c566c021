/** Declarations of `servicenow-components/polling`, for sources in JavaScript. */
import type { ServiceNow } from "./index.js";

/** Hooks and run of a source. Each takes the source with a `servicenow.client()` and a `db` of its own. */
export interface Watch {
  deploy(source: unknown): Promise<void>;
  activate(source: unknown): Promise<void>;
  run(source: unknown): Promise<void>;
}

/** Seconds between two polls where the user gives none. */
export declare const DEFAULT_POLLING_SOURCE_TIMER_INTERVAL: number;

/** A client for the account of an app prop, whose requests go through the platform. */
export declare function clientOf(auth: Record<string, unknown>, $: unknown): ServiceNow;

/** A watch over the records of a table. `plan` reads the props of the source. */
export declare function recordSource(
  plan: (
    source: never,
  ) => Record<string, unknown> & { table: string; column: "sys_updated_on" | "sys_created_on" },
): Watch;

/** The part of a plan that tells creations from updates. */
export declare function createdOrUpdated(
  accepts: readonly ("created" | "updated")[],
): Record<string, unknown>;

/** Conditions of the filters that every kind of task has. */
export declare function taskClauses(source: Record<string, unknown>): unknown[];

/** The condition that a reference points at one of some records, given by sys_id or name. */
export declare function refersTo(
  field: string,
  given: unknown,
  to: { table: string; label: string; name?: string },
): unknown[];

/** A watch over comments and work notes. */
export declare const commentSource: Watch;

/** The choices of a column, as the instance has them. */
export declare function choicesOf(
  source: object,
  table: string,
  column: string,
  page: number,
): Promise<{ label: string; value: string }[]>;

/** Active records of a table by number, name or description; the value is the sys_id. */
export declare function recordsOf(
  source: object,
  table: string,
  request: { query?: string; page: number },
): Promise<{ label: string; value: string }[]>;
