import type { ServiceNow } from "../../common";
import type { Database, EmitMeta, JsonValue } from "../../components";

/** What the shared code needs of a source's `this`. */
export interface SourceThis {
  servicenow: { client($?: unknown): ServiceNow };
  db: Database;
  $emit(event: object | JsonValue, meta?: EmitMeta): void;
}

/** The props that most sources have. */
export interface CommonProps {
  query?: string | undefined;
  fields?: string[] | undefined;
  format?: string | undefined;
  startFrom?: string | undefined;
  startDate?: string | undefined;
  leaveOutOwnChanges?: boolean | undefined;
}

/** The source with some props as they were read; all else is its own. */
export const withProps = <Source extends object, Read extends object>(
  source: Source,
  read: Read,
): Source & Read => Object.create(source, Object.getOwnPropertyDescriptors(read)) as Source & Read;

const STATE = "state";

export const loadState = (source: SourceThis): unknown => source.db.get(STATE);
export const saveState = (source: SourceThis, state: unknown): void => source.db.set(STATE, state);

/** One line in the run's log. */
export function log(message: string): void {
  console.log(message);
}
