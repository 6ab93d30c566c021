import { parseStamped } from "../../common/apis/journal/text";
import { cell, parseStamp, shortHash } from "../../common/change-feed";
import { shown, type Row } from "./payload";

/** One entry of a journal field, as the display text of the record shows it. */
export interface Entry {
  /** Epoch seconds, UTC; undefined where the date format of the account is not ServiceNow's own. */
  time: number | undefined;
  stamp: string;
  author: string;
  text: string;
  /** How many older entries of the column have the same author and text. */
  count: number;
}

/**
 * Entries of a journal column read with its display value, newest first as ServiceNow writes them. The account's distance from UTC is told
 * by the record's own time of change, which came with both values.
 */
export function parseJournal(row: Row, column: string): Entry[] {
  const offset = parseStamp(shown(row, "sys_updated_on")) - parseStamp(cell(row, "sys_updated_on"));
  const written = shown(row, column);
  const stamps = parseStamped(written).map(({ stamp }) => parseStamp(stamp));
  const real = realStamps(stamps, parseStamp(shown(row, "sys_created_on")));
  const counts = new Map<string, number>();
  // Counted from the oldest, so that a number stays with its entry.
  return parseStamped(written, { isStamp: (index) => real.has(index) })
    .reverse()
    .map(({ stamp, author, text }) => {
      const time = parseStamp(stamp) - offset;
      const words = `${author} ${text}`;
      const count = counts.get(words) ?? 0;
      counts.set(words, count + 1);
      return { time: Number.isNaN(time) ? undefined : time, stamp, author, text, count };
    })
    .reverse();
}

/**
 * Which stamps begin an entry; the others are quoted in one. Entries come newest first and none is older than its record, so a stamp from
 * before a later one is no entry's.
 */
function realStamps(times: readonly number[], created: number): Set<number> {
  const real: number[] = [];
  const newest = times[0] ?? Number.NaN;
  for (const [index, time] of times.entries()) {
    if (index > 0 && (time > newest || time < created)) continue;
    while (real.length > 1 && (times[real.at(-1) ?? 0] ?? 0) < time) real.pop();
    real.push(index);
  }
  return new Set(real);
}

const keyOf = (sysId: string, parts: (string | number)[]) =>
  `${sysId.slice(0, 32)}-${shortHash(parts.join(" "))}`;

/** Identity of an entry, which has none of its own in the display text. Stamps move with the account's zone, so they are no part of it. */
export const entryKey = (sysId: string, column: string, { author, text, count }: Entry): string =>
  keyOf(sysId, [column, count, author, text]);

/** The identity that earlier versions of this source gave an entry. */
export const formerKey = (sysId: string, column: string, { stamp, author, text }: Entry): string =>
  keyOf(sysId, [column, stamp, author, text]);
