/** What became of one source's numbers, which are 1, 2, 3 … without a gap. */
export interface Tally {
  /** Rows in the table. */
  events: number;
  /** Numbers that the source saved as emitted, and that are in no row. */
  lost: number;
  /** Rows with a number that an earlier row has. */
  doubled: number;
  /** Requests that came to the receiver, repetitions included. */
  deliveries: number;
  /** Events that never came to the receiver. */
  missing: number;
  /** Rows after a row with a higher number, and events that came for the first time after a later one. */
  outOfOrder: number;
}

/** Compares the rows of a source and what its receiver got with how far the source says it came. */
export function judgeTally(saved: number, rows: readonly number[], received: readonly number[]): Tally {
  const inTable = new Set(rows);
  const arrived = new Set(received);
  let lost = 0;
  for (let n = 1; n <= saved; n += 1) if (!inTable.has(n)) lost += 1;
  return {
    events: rows.length,
    lost,
    doubled: rows.length - inTable.size,
    deliveries: received.length,
    missing: [...inTable].filter((n) => !arrived.has(n)).length,
    outOfOrder: descents([...inTable]) + descents([...arrived]),
  };
}

/** How many numbers are lower than one before them; sets keep the order of first arrival. */
function descents(numbers: readonly number[]): number {
  let highest = -Infinity;
  let count = 0;
  for (const n of numbers) {
    if (n < highest) count += 1;
    highest = Math.max(highest, n);
  }
  return count;
}

export function together(tallies: readonly Tally[]): Tally {
  const sum = (pick: (tally: Tally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0);
  return {
    events: sum(({ events }) => events),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    deliveries: sum(({ deliveries }) => deliveries),
    missing: sum(({ missing }) => missing),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
  };
}
