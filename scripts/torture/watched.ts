import type { Scene } from "./scenes";
import type { Slot } from "./poller";
import type { Written } from "./truth";

type Sees = (version: Written) => boolean;

/** A stretch of time in which a source had the same filter. It begins with an activation, at the instance's present. */
export interface Era {
  since: number;
  sees: Sees;
}

/** A poll that came to its end and left nothing waiting: what was there before it must have been emitted by then. */
export interface CompletePoll {
  from: number;
  to: number;
}

export const SOURCE_NAMES = ["all", "filter", "parent", "hidden", "backfill"] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** A source that is polled, and what it has to see. */
export interface Watched {
  slot: Slot & { name: SourceName };
  user: string;
  eras: Era[];
  polls: CompletePoll[];
  /** Versions from before the source began that it has to see as well; unless given, those of its time alone. */
  from?: number;
  /** The settings it is switched between while the run lasts: other fields are the same stream, another filter is not. */
  switches?: { props: Record<string, unknown>; sees?: Sees }[];
}

const of =
  (table: string): Sees =>
  (version) =>
    version.table === table;

const problems =
  (category: string): Sees =>
  (version) =>
    version.table === "problem" && version.category === category;

/** Whole records come in pages of 200, chosen fields in pages of 1,000. */
const CHOSEN = { table: "incident", fields: ["number", "category"] };
const filtered = (category: string) => ({
  table: "problem",
  fields: ["number", "category"],
  query: `category=${category}`,
});

export function watchedSources({ agent }: Scene, from: number): Watched[] {
  const source = (name: SourceName, props: Record<string, unknown>, user: string, sees: Sees): Watched => ({
    slot: { name, props },
    user,
    eras: [{ since: from, sees }],
    polls: [],
  });
  return [
    {
      ...source("all", CHOSEN, agent, of("incident")),
      switches: [{ props: { table: "incident" } }, { props: CHOSEN }],
    },
    {
      ...source("filter", filtered("software"), agent, problems("software")),
      switches: [
        { props: filtered("hardware"), sees: problems("hardware") },
        { props: filtered("software"), sees: problems("software") },
      ],
    },
    source("parent", { table: "task", fields: ["number"] }, agent, () => true),
    source("hidden", { table: "incident" }, "employee", ({ table, mine }) => table === "incident" && mine),
    {
      ...source("backfill", { ...CHOSEN, startFrom: "everything" }, agent, of("incident")),
      from: Number.NEGATIVE_INFINITY,
    },
  ];
}
