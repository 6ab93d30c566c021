import { SEARCH_COLUMNS } from "../../apps/servicenow/record-label";
import {
  assertPlainValue,
  formatQuery,
  isServiceNowError,
  type Condition,
  type ServiceNow,
} from "../../common";
import { missingColumns } from "./columns";
import { wrongInput } from "./input";

/** Words that no record contains: a table that answers them with rows ignores the text search. */
const NONSENSE = "zqxjvkwpzyqxnonesuch";

const textQuery = (words: string) =>
  formatQuery({ groups: [[[{ field: "123TEXTQUERY321", operator: "=", value: words }]]], order: [] });

/** True when the table's text index finds the words, and finds nothing for nonsense. */
async function indexFinds(client: ServiceNow, table: string, words: string): Promise<boolean> {
  const records = client.table(table);
  try {
    const found = await records.first({ query: textQuery(words), fields: ["sys_id"] });
    if (!found) return false;
    return (await records.first({ query: textQuery(NONSENSE), fields: ["sys_id"] })) === null;
  } catch (error) {
    if (isServiceNowError(error) && (error.status === 400 || error.status === 403)) return false;
    throw error;
  }
}

/**
 * A query for the records of a table that contain the keyword: by its text index where that finds something, otherwise in those of the usual
 * columns that the table has. Throws when there is nothing to search in, since an empty condition would answer with the whole table.
 */
export async function keywordQuery(
  client: ServiceNow,
  table: string,
  keyword: string,
  exact: boolean,
): Promise<string> {
  if (keyword.includes("^"))
    throw wrongInput(
      'Keyword: a "^" separates the conditions of a query and cannot be searched for. Leave it out.',
    );
  assertPlainValue("the keyword", keyword);
  if (!exact && (await indexFinds(client, table, keyword))) return textQuery(keyword);
  const usual = [...SEARCH_COLUMNS, "description"];
  const missing = await missingColumns(client, table, usual);
  const columns = usual.filter((column) => missing && !missing.includes(column));
  if (missing && columns.length === 0)
    throw wrongInput(
      `Table ${table} has no text index and none of the columns number, name, title, label, description, user name or e-mail. Use the action "Get Table Records" with a query.`,
    );
  const names = columns.length > 0 ? columns : ["sys_id"];
  const clause: Condition[] = names.map((field) => ({
    field,
    operator: exact ? "=" : "LIKE",
    value: keyword,
  }));
  return formatQuery({ groups: [[clause]], order: [] });
}
