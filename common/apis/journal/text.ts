import { isZone, offsetAt } from "../../time/zones";

/** What is known of how the account sees dates. */
export interface StampFormat {
  /** IANA zone of the account. */
  timeZone?: string | undefined;
  /** Whether the line that looks like the n-th stamp (from 0) is one, for callers who know more; all are, unless told. */
  isStamp?: ((index: number) => boolean) | undefined;
}

/** One entry, taken out of the text of a form. */
export interface StampedEntry {
  /** What was written, without the stamp. */
  text: string;
  /** Display name. */
  author: string;
  /** UTC; null where the format or the zone is not known. */
  createdAt: Date | null;
  /** The time as it stood there. */
  stamp: string;
}

/** `2026-08-01 14:05:00 - Beth Anglin (Work notes)`; the label may be in any language, the date in any format. */
const HEAD =
  /^(\S*\d\S*(?:[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?)) - (.+) \(([^()]+)\)\s*$/;

/**
 * Takes the display text of a journal column apart. Lines that look like a stamp inside of an entry's own text cannot be told from
 * a real one; the format offers nothing to tell them by.
 */
export function parseStamped(text: string, format: StampFormat = {}): StampedEntry[] {
  const entries: (StampedEntry & { lines: string[] })[] = [];
  let stamps = 0;
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    const head = HEAD.exec(line);
    if (head && (format.isStamp?.(stamps++) ?? true)) {
      const [, stamp = "", author = ""] = head;
      entries.push({ stamp, author, createdAt: placed(stamp, format), text: "", lines: [] });
    } else entries.at(-1)?.lines.push(line);
  }
  return entries.map(({ lines, ...entry }) => ({ ...entry, text: lines.join("\n").trim() }));
}

/** The instant of a wall-clock time in the account's zone. Only the unambiguous order year-month-day is read. */
function placed(stamp: string, { timeZone }: StampFormat): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(stamp);
  if (!match || !timeZone || !isZone(timeZone)) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  // In the hour that is lived twice the earlier instant is taken.
  const first = wall - offsetAt(timeZone, wall - 86_400);
  if (first + offsetAt(timeZone, first) === wall) return new Date(first * 1000);
  const later = wall - offsetAt(timeZone, wall + 86_400);
  return new Date(later * 1000);
}
