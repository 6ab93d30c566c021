import { parseStamped } from "../../common/apis/journal-text";
import { cell, parseStamp, shortHash } from "../../common/feed";
import { shown, type Row } from "./payload";

/** One entry of a journal field, as the display text of the record shows it. */
export interface Entry {
  /** Epoch seconds, UTC; undefined where the date format of the account is not ServiceNow's own. */
  time: number | undefined;
  stamp: string;
  author: string;
  text: string;
}

/**
 * Entries of a journal column read with its display value, newest first as ServiceNow writes them. The account's distance from UTC is told
 * by the record's own time of change, which came with both values.
 */
export function parseJournal(row: Row, column: string): Entry[] {
  const offset = parseStamp(shown(row, "sys_updated_on")) - parseStamp(cell(row, "sys_updated_on"));
  return parseStamped(shown(row, column)).map(({ stamp, author, text }) => {
    const time = parseStamp(stamp) - offset;
    return { time: Number.isNaN(time) ? undefined : time, stamp, author, text };
  });
}

/** Identity of an entry, which has none of its own in the display text. */
export const entryKey = (sysId: string, column: string, { stamp, author, text }: Entry): string =>
  `${sysId.slice(0, 32)}-${shortHash(`${column} ${stamp} ${author} ${text}`)}`;
