import fc from "fast-check";
import { querySyntax } from "../../apps/servicenow/filter/syntax";
import { checkQuery, formatQuery, parseQuery, type ColumnKind } from "../../common";
import { OPERATORS_OF } from "../../common/query/operators";
import {
  conditionProblem,
  operatorsFor,
  readFilter,
  writeFilter,
  type Filter,
  type FilterCondition,
} from "../../components/filter";
import { present } from "../helpers/present";

const kinds = (Object.keys(OPERATORS_OF) as ColumnKind[]).filter((kind) => OPERATORS_OF[kind].length > 0);
const sysId = "6816f79cc0a8016401c5a33be04be441";

/** Columns whose names say what they hold. */
const columnOf = (kind: ColumnKind) => `u_${kind.replaceAll("-", "_")}`;
const types = (column: string) => {
  const kind = kinds.find((one) => columnOf(one) === column.split(".").at(-1));
  return kind ? { kind, ...(kind === "reference" ? { reference: "sys_user" } : {}) } : null;
};

const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(..."abcXYZ ,.-_()19äß日") });
const text = word.filter((one) => one.trim() !== "" && !/\b(and|or)\b/i.test(one));
const moment = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19).replace("T", " "));
const number = fc.integer({ min: -99_999, max: 99_999 }).map(String);

function oneValue(kind: ColumnKind): fc.Arbitrary<string> {
  switch (kind) {
    case "boolean":
      return fc.constantFrom("true", "false");
    case "number":
    case "number-choice":
      return number;
    case "date-time":
      return moment;
    case "date":
      return moment.map((one) => one.slice(0, 10));
    case "reference":
    case "sys-id":
      return fc.constant(sysId);
    default:
      return text;
  }
}

const condition = fc
  .constantFrom(...kinds)
  .chain((kind) => fc.tuple(fc.constant(kind), fc.constantFrom(...operatorsFor(querySyntax, kind))))
  .chain(([kind, { id }]): fc.Arbitrary<FilterCondition> => {
    const operator = present(querySyntax.operators.find((one) => one.id === id));
    const one = oneValue(kind);
    const value = {
      none: fc.constant(""),
      one,
      text,
      number: fc.integer({ min: 0, max: 99_999 }).map(String),
      day: moment.map((at) => at.slice(0, 10)),
      two: fc.tuple(one, one).map((pair) => pair.join("@")),
      several: fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join(",")),
    }[operator.value];
    const column = fc.constantFrom(columnOf(kind), `u_reference.${columnOf(kind)}`);
    return fc.record({ column, operator: fc.constant(id), value });
  })
  .filter((one) => conditionProblem(querySyntax, one) === undefined);

const filter: fc.Arbitrary<Filter> = fc.record({
  groups: fc.array(
    fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    { minLength: 1, maxLength: 3 },
  ),
  rest: fc.constantFrom("", "ORDERBYu_text", "ORDERBYDESCu_number^ORDERBYu_text"),
});

describe("an encoded query as rows", () => {
  it("is written so that rows read back are the rows, and the client reads the same conditions", () => {
    fc.assert(
      fc.property(filter, (rows) => {
        const written = writeFilter(querySyntax, rows);
        expect(readFilter(querySyntax, written)).toEqual(rows);
        const parsed = parseQuery(written);
        expect(parsed.groups.map((group) => group.map((clause) => clause.length))).toEqual(
          rows.groups.map((group) => group.map((clause) => clause.length)),
        );
        expect(parsed.groups.flat(2).map(({ field }) => field)).toEqual(
          rows.groups.flat(2).map(({ column }) => column),
        );
        expect(parsed.groups.flat(2).map(({ operator }) => operator)).toEqual(
          rows.groups
            .flat(2)
            .map(({ operator }) => querySyntax.operators.find(({ id }) => id === operator)?.sign),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("holds only what the safety rules let through, by what the columns hold", () => {
    fc.assert(
      fc.property(filter, (rows) => {
        expect(checkQuery(writeFilter(querySyntax, rows), { types })).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("never offers an operator that the client refuses for a kind of column", () => {
    for (const kind of kinds)
      for (const { id } of operatorsFor(querySyntax, kind)) {
        const { sign } = present(querySyntax.operators.find((one) => one.id === id));
        expect([kind, OPERATORS_OF[kind]]).toEqual([kind, expect.arrayContaining([sign])]);
      }
  });

  it.each([
    ["assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe", "an operator that only text has"],
    ["cmdb_ciIN_HIERARCHY6816f79cc0a8016401c5a33be04be441", "an operator that begins like another"],
    ["priority=1^ORDERBYnumber^state=2", "an order in the middle"],
    ["123TEXTQUERY321=printer", "a search for words"],
    ["RLQUERYincident.problem_id,>=1^ENDRLQUERY", "related lists"],
    ["opened_atSAMEASclosed_at", "two columns compared"],
    ["active=true^EQ", "the end mark of a list"],
    ["state=", "no value"],
    ["^priority=1", "a stray separator"],
    ["^NQpriority=1", "a group that begins nothing"],
    ["priority=1^^state=2", "two separators"],
    ["nonsense", "no condition at all"],
  ])("leaves %s a text: %s", (written) => {
    expect(readFilter(querySyntax, written)).toBeUndefined();
  });

  it("reads any query of the client letter by letter, or not at all", () => {
    const operators = Object.values(OPERATORS_OF).flat();
    const any = fc.record({
      field: fc.constantFrom("priority", "caller_id.email", "u_or_nq"),
      operator: fc.constantFrom(...operators),
      value: fc.oneof(text, moment, fc.constant("ORDERBYx"), fc.constant("@hour@ago@2"), fc.constant("NQ")),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (conditions) => {
        let written: string;
        try {
          written = formatQuery({ groups: [conditions.map((one) => [one])], order: [] });
        } catch {
          return;
        }
        const rows = readFilter(querySyntax, written);
        if (!rows) return;
        expect(writeFilter(querySyntax, rows)).toBe(written);
        const { groups } = parseQuery(written);
        expect(rows.groups.flat(2).map(({ column }) => column)).toEqual(
          groups.flat(2).map(({ field }) => field),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("says what keeps a row from being written", () => {
    const row = { column: "short_description", operator: "contains", value: "" };
    expect(conditionProblem(querySyntax, row)).toBe("Give a value.");
    expect(conditionProblem(querySyntax, { ...row, column: "" })).toBe("Choose a column.");
    expect(conditionProblem(querySyntax, { ...row, value: "a^b" })).toMatch(/^A value cannot hold "\^"/);
    expect(conditionProblem(querySyntax, { ...row, operator: "less", value: "=5" })).toMatch(
      /would be read as another condition/,
    );
    expect(conditionProblem(querySyntax, { ...row, operator: "between", value: "1@" })).toBe(
      "Give both values.",
    );
  });
});
