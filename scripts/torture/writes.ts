import type { Random } from "./random";
import type { Workload } from "./workload";

interface Writing {
  workload: Workload;
  random: Random;
  /** Largest number of changes within one second. */
  burst: number;
  tables: readonly string[];
  move: (seconds: number) => Promise<void>;
}

/** More than a page of whole records, so that a page of the account that may not read them is empty. */
const HIDDEN = 220;

const KINDS = {
  burst: ({ workload, burst }) => workload.update(burst),
  "hot records": ({ workload }) => workload.hot(5, 3),
  "late commits": ({ workload }) => workload.late(5),
  "back-dated": ({ workload }) => workload.backDate(2),
  deletions: ({ workload }) => workload.remove(3),
  creations: ({ workload, random, tables }) => workload.create(random.pick(tables), 20),
  "changes of class": ({ workload, tables }) => workload.reclass(5, tables),
  updates: ({ workload, random, burst }) =>
    workload.update(30 + random.below(Math.max(50, Math.floor(burst / 4)))),
  "hidden within one second": ({ workload }) => workload.updateHidden(HIDDEN),
  "hidden over time": async ({ workload, move }) => {
    for (let done = 0; done < HIDDEN; done += HIDDEN / 4) {
      await workload.updateHidden(HIDDEN / 4);
      await move(1);
    }
  },
} satisfies Record<string, (writing: Writing) => Promise<void>>;

export type WriteKind = keyof typeof KINDS;
export const WRITE_KINDS = Object.keys(KINDS) as readonly WriteKind[];

/** How often each kind is chosen beside the others. */
const WEIGHTS: Readonly<Partial<Record<WriteKind, number>>> = { burst: 3, "hot records": 2, updates: 2 };

export const write = (kind: WriteKind, writing: Writing): Promise<void> => KINDS[kind](writing);

export function pickWrite(random: Random, kinds: readonly WriteKind[]): WriteKind {
  return random.pick(kinds.flatMap((kind) => Array.from({ length: WEIGHTS[kind] ?? 1 }, () => kind)));
}
