import type { Condition } from "../../common";
import { isEmptySearch } from "../../common/query/pitfalls";
import { wrongInput } from "./input";

/** The functions of dates and of the account's own id, which ServiceNow documents for filters. */
const KNOWN_SCRIPT =
  /^javascript:\s*gs\.(beginningOf|endOf|(minutes|hours|days|weeks|months|quarters|years)Ago|dateGenerate|datePart|getUserID|now)\w*\([^()]*\);?\s*$/i;

/**
 * Refuses conditions that fit more than they seem to, where nobody looks before something is changed: a text to look for that is empty, and a
 * script that ServiceNow would drop without a word when it cannot run it.
 */
export function refuseUnsafeQuery(condition: Condition): void {
  const { field, operator, value } = condition;
  if (operator === "ANYTHING" || isEmptySearch(condition))
    throw wrongInput(
      `Query: \`${field}${operator}\` without a text fits every record. Give a text, or leave the condition out.`,
    );
  const scripts = value.split(/[@,](?=\s*javascript:)/i).filter((part) => /^\s*javascript:/i.test(part));
  if (scripts.some((script) => !KNOWN_SCRIPT.test(script.trim())))
    throw wrongInput(
      `Query: the script in the condition on ${field} is none of ServiceNow's date functions; one that cannot run is dropped, and every record fits. Use one such as \`javascript:gs.daysAgoStart(30)\`, or a plain value.`,
    );
}
