import fc from "fast-check";
import {
  checkQuery,
  parseQuery,
  type AnyRow,
  type ColumnTypes,
  type Condition,
  type ServiceNow,
} from "../../../common";
import { columnTypes } from "../../../common/schema";
import { useInstance } from "../apis/support";

const { as } = useInstance();

/** A column of each kind, with values that some records of the demo data have. */
const COLUMNS: Record<string, string[]> = {
  short_description: ["email", "Email", "a", "the", "VPN"],
  category: ["software", "hardware", "network", "soft"],
  state: ["1", "2", "6", "7", "abc"],
  reassignment_count: ["0", "1", "2.5", "-1", "x"],
  active: ["true", "false", "yes", "1"],
  assigned_to: ["", "5137153cc611227c000bbd1bd8cd2005", "beth", "NULL"],
  opened_at: ["2026-01-01", "2026-01-01 00:00:00", "2030-02-30", "yesterday", "javascript:gs.nope()"],
  sys_id: ["0", "8", "f", "9c573169c611228700193229fff72400"],
};
const OPERATORS = [
  ...[
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "=<",
    "LIKE",
    "NOT LIKE",
    "STARTSWITH",
    "ENDSWITH",
    "IN",
    "NOT IN",
  ],
  ...[
    "ISEMPTY",
    "ISNOTEMPTY",
    "ANYTHING",
    "EMPTYSTRING",
    "BETWEEN",
    "SAMEAS",
    "NSAMEAS",
    "DYNAMIC",
    "CHANGESTO",
  ],
  ...[
    "VALCHANGES",
    "ON",
    "NOTON",
    "RELATIVEGT",
    "DATEPART",
    "INSTANCEOF",
    "MORETHAN",
    "NOPE",
    "",
    "%",
    "like",
  ],
];
const COLUMN_NAMES = Object.keys(COLUMNS);

/** What a plain reading of the condition says of a row; undefined where this reading does not know the operator. */
function plain({ field, operator, value }: Condition, row: AnyRow): boolean | undefined {
  const cell = row[field] ?? "";
  const number = field === "state" || field === "reassignment_count";
  const folded = (text: string) => text.toLowerCase();
  const moment = (text: string) => (text.length === 10 ? `${text} 00:00:00` : text);
  const compare = (other: string): number => {
    if (number) return Number(cell) - Number(other);
    const [a, b] = field === "opened_at" ? [cell, moment(other)] : [folded(cell), folded(other)];
    return a < b ? -1 : a > b ? 1 : 0;
  };
  const none = value === "" || value === "NULL";
  switch (operator) {
    case "=":
      if (none) return cell === "";
      return cell !== "" && compare(value) === 0;
    case "!=":
      if (none) return cell !== "";
      if (field === "active") return cell !== value;
      return cell !== "" && compare(value) !== 0;
    case "<":
      return cell !== "" && compare(value) < 0;
    case "<=":
      return cell !== "" && compare(value) <= 0;
    case ">":
      return cell !== "" && compare(value) > 0;
    case ">=":
      return cell !== "" && compare(value) >= 0;
    case "LIKE":
      return folded(cell).includes(folded(value));
    case "NOT LIKE":
      return cell !== "" && !folded(cell).includes(folded(value));
    case "STARTSWITH":
      return folded(cell).startsWith(folded(value));
    case "ENDSWITH":
      return folded(cell).endsWith(folded(value));
    case "IN":
      return cell !== "" && value.split(",").some((item) => compare(item) === 0);
    case "NOT IN":
      return cell !== "" && !value.split(",").some((item) => compare(item) === 0);
    case "ISEMPTY":
    case "EMPTYSTRING":
      return cell === "";
    case "ISNOTEMPTY":
      return cell !== "";
    case "ANYTHING":
      return true;
    case "SAMEAS":
      return cell !== "" && cell === row[value];
    case "NSAMEAS":
      return cell !== "" && (row[value] ?? "") !== "" && cell !== row[value];
    case "BETWEEN": {
      const [from = "", to = ""] = value.split("@");
      return cell !== "" && compare(from) >= 0 && compare(to) <= 0;
    }
    default:
      return undefined;
  }
}

const value = (column: string) =>
  fc.oneof(
    fc.constantFrom(...(COLUMNS[column] ?? []), "", " ", "'1'"),
    fc.constantFrom(...COLUMN_NAMES),
    fc
      .array(fc.constantFrom(...(COLUMNS[column] ?? [])), { minLength: 1, maxLength: 3 })
      .map((list) => list.join(",")),
    fc
      .tuple(fc.constantFrom(...(COLUMNS[column] ?? [])), fc.constantFrom(...(COLUMNS[column] ?? [])))
      .map((pair) => pair.join("@")),
    fc.string({ maxLength: 8 }),
  );
const condition = fc
  .constantFrom(...COLUMN_NAMES)
  .chain((column) => fc.tuple(fc.constant(column), fc.constantFrom(...OPERATORS), value(column)));
const query = fc
  .array(
    condition.map((parts) => parts.join("")),
    { minLength: 1, maxLength: 2 },
  )
  .map((conditions) => conditions.join("^"));

async function allIncidents(client: ServiceNow): Promise<AnyRow[]> {
  const { rows } = await client.table("incident").list({ fields: ["sys_id", ...COLUMN_NAMES] });
  return rows;
}

it("any text behind a column is refused, or the instance finds what a plain reading of it finds", async () => {
  const client = as();
  const rows = await allIncidents(client);
  const known = await columnTypes(client, "incident", COLUMN_NAMES);
  // Names outside the list are made up, and no column has them.
  const types: ColumnTypes = (column) => (COLUMN_NAMES.includes(column) ? known(column) : null);
  const counts = { refused: 0, compared: 0, narrowed: 0 };
  await fc.assert(
    fc.asyncProperty(query, async (text) => {
      if (checkQuery(text, { types }).length > 0) return void counts.refused++;
      const conditions = parseQuery(text).groups.flat(2);
      const expected = rows.filter((row) => conditions.every((one) => plain(one, row) !== false));
      if (conditions.some((one) => plain(one, rows[0] ?? {}) === undefined)) return;
      // Text operators on references read the display value, which this reading does not see.
      if (
        conditions.some(
          ({ field, operator }) => field === "assigned_to" && /LIKE|WITH|[<>]|BETWEEN/.test(operator),
        )
      )
        return;
      const found = await client.table("incident").list({ query: text, fields: ["sys_id"] });
      counts.compared++;
      if (expected.length < rows.length) counts.narrowed++;
      expect([text, found.rows.map((row) => row["sys_id"]).sort()]).toEqual([
        text,
        expected.map((row) => row["sys_id"]).sort(),
      ]);
    }),
    { numRuns: 5000 },
  );
  // The property is worth something only where both branches were taken often.
  expect(counts.refused).toBeGreaterThan(300);
  expect(counts.compared).toBeGreaterThan(200);
  expect(counts.narrowed).toBeGreaterThan(150);
}, 120_000);
