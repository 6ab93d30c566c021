/** What a script's result is compared with. */
export type ScriptUse = "moment" | "user" | "text" | "none";

const SPANS =
  "Today|Yesterday|Tomorrow|(?:This|Last|Next)(?:Week|Month|Quarter|Year)|Last(?:3|6|9|12)Months|Last2Quarters|Next2Quarters|NextTwoQuarters|LastTwoQuarters|Last2Years|LastTwoYears|Last(?:7|30|60|90|120)Days|CurrentHour|LastHour|Last2Hours|CurrentMinute|LastMinute|Last(?:15|30|45)Minutes|OneYearAgo";
const NUMBER = String.raw`\(\s*(?:-?\d{1,6}|'-?\d{1,6}'|"-?\d{1,6}")?\s*\)`;
const DAY_TEXT = String.raw`(['"])\d{4}-\d\d-\d\d\1`;
const CLOCK_TEXT = String.raw`(['"])(?:start|end|\d\d:\d\d:\d\d)\2`;
const whole = (text: string): RegExp => new RegExp(String.raw`^javascript:\s*(?:${text})\s*;?\s*$`);

const MOMENTS = [
  whole(String.raw`gs\.(?:beginningOf|endOf)(?:${SPANS})\(\s*\)`),
  whole(String.raw`gs\.(?:minutes|hours|days|months|quarters|years)Ago(?:Start|End)?${NUMBER}`),
  whole(String.raw`gs\.dateGenerate\(\s*${DAY_TEXT}\s*,\s*${CLOCK_TEXT}\s*\)`),
  whole(String.raw`gs\.nowDateTime\(\s*\)`),
];
const USER = [whole(String.raw`gs\.getUserID\(\s*\)`), whole(String.raw`gs\.getUser\(\)\.getID\(\s*\)`)];
const NAME = [whole(String.raw`gs\.getUserName\(\s*\)`), whole(String.raw`gs\.getUserDisplayName\(\s*\)`)];

const KNOWN: Readonly<Record<ScriptUse, readonly RegExp[]>> = {
  moment: MOMENTS,
  user: USER,
  text: [...USER, ...NAME],
  none: [],
};

/** True for a value that the instance runs. */
export const isScript = (value: string): boolean => /^\s*javascript:/i.test(value);

/**
 * True for one simple call of a function that ServiceNow documents for filters and that gives what the column holds. A script that an
 * instance refuses to run makes its condition vanish.
 */
export function isKnownScript(value: string, use: ScriptUse): boolean {
  return KNOWN[use].some((form) => form.test(value));
}
