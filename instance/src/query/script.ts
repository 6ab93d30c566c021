import type { User } from "../users/users";
import { localToUtc, parseStamp, stamp, zoneOffset } from "../clock/time";
import { namedSpan, shift, startOf, type Unit } from "./ranges";

/** What a guarded script of a query comes to: a database value; times are UTC already. */
export interface Evaluated {
  value: string;
}

const call = /^javascript:\s*(?:gs|new GlideDateTime\(\))\.?([A-Za-z0-9]+)\s*\(([^()]*)\)\s*;?\s*$/;
const ago = /^(minutes|hours|days|weeks|months|quarters|years)Ago(Start|End)?$/;

/**
 * Evaluates the one simple call that a query may hold: date functions of `gs`, in the user's zone, and who the user is.
 * Undefined for everything else; such a clause vanishes from the query, as guarded scripts do.
 */
export function evaluateScript(text: string, user: User, nowUtc: number): Evaluated | undefined {
  if (/^javascript:\s*gs\.getUser\(\)\.getID\(\)\s*;?$/.test(text)) return { value: user.sysId };
  const [, name = "", argumentText = ""] = call.exec(text) ?? [];
  const args = readArguments(argumentText);
  if (!args) return undefined;
  const local = nowUtc + zoneOffset(user.timeZone, nowUtc);
  const utc = (time: number): Evaluated => ({ value: stamp(localToUtc(time, user.timeZone)) });
  switch (name) {
    case "getUserID":
      return { value: user.sysId };
    case "getUserName":
      return { value: user.userName };
    case "getUserDisplayName":
      return { value: user.name };
    case "now":
      return { value: stamp(local).slice(0, 10) };
    case "nowDateTime":
    case "nowGlideDateTime":
      return { value: stamp(nowUtc) };
    case "dateGenerate": {
      const time = generatedDate(args);
      return time === undefined ? undefined : utc(time);
    }
    case "datePart":
      return { value: args.join(",") };
  }
  const [, edge, spanName = ""] = /^(beginningOf|endOf)([A-Za-z0-9]+)$/.exec(name) ?? [];
  if (edge !== undefined) {
    const span = namedSpan(spanName, local);
    return span && utc(edge === "beginningOf" ? span.start : span.end);
  }
  const [, plural, end] = ago.exec(name) ?? [];
  if (plural !== undefined) {
    const count = args.length === 0 ? 0 : Number(args[0]);
    if (!Number.isFinite(count) || Math.abs(count) > 1_000_000) return undefined;
    const unit = plural.slice(0, -1) as Unit;
    const moved = shift(local, unit, -count);
    const cut = ["minute", "hour"].includes(unit) ? unit : "day";
    if (end === "Start") return utc(startOf(moved, cut));
    if (end === "End") return utc(shift(startOf(moved, cut), cut, 1) - 1000);
    return utc(moved);
  }
  return undefined;
}

function readArguments(text: string): string[] | undefined {
  if (text.trim() === "") return [];
  const parts = text.split(",").map((part) => part.trim());
  const values: string[] = [];
  for (const part of parts) {
    const quoted = /^(["'])(.*)\1$/.exec(part)?.[2];
    if (quoted !== undefined) values.push(quoted);
    else if (/^-?\d+(\.\d+)?$/.test(part)) values.push(part);
    else return undefined;
  }
  return values;
}

/** `dateGenerate('2026-08-01','12:00:00')`, `('2026-08-01','start')` or one whole stamp. */
function generatedDate([date = "", time = ""]: string[]): number | undefined {
  if (time === "start") return parseStamp(`${date} 00:00:00`);
  if (time === "end") return parseStamp(`${date} 23:59:59`);
  return parseStamp(time ? `${date} ${time}` : date);
}
