import { checkQuery, queryError, type ColumnTypes } from "../../../common";
import type { ColumnKind } from "../../../common/query/column-kind";

/** Values that a column of a kind can be compared with, and what is said of others. */

const ID = "0123456789abcdef0123456789abcdef";

/** The value that was probably meant; the reason where none is known; undefined for a value that fits. */
function problem(kind: ColumnKind, value: string, operator = "=", reference?: string): string | undefined {
  const types: ColumnTypes = (column) =>
    column === "x" ? { kind, ...(reference ? { reference } : {}) } : null;
  const [found] = checkQuery(
    { groups: [[[{ field: "x", operator: operator as "=", value }]]], order: [] },
    { types },
  );
  return found && (found.meant?.slice(`x${operator}`.length) ?? found.message.replace(/^[^:]*: /, ""));
}

describe.each<[ColumnKind, string[], [string, string | RegExp][]]>([
  [
    "boolean",
    ["true", "false", "", "NULL"],
    [
      ["TRUE", "true"],
      ["yes", "true"],
      [" on ", "true"],
      ["1", "true"],
      ["No", "false"],
      ["off", "false"],
      ["0", "false"],
      ["maybe", /"maybe" is neither true nor false/],
      ["yess", /neither/],
      ["not true", /neither/],
    ],
  ],
  [
    "number",
    ["0", "-5", "1.5", "-0.25", "123456789012345", "1.123456789012345"],
    [
      [" 5 ", "5"],
      ["+5", /"\+5" is not a number/],
      ["5 apples", /is not a number/],
      ["about 5", /is not a number/],
      ["1,5", /is not a number/],
      ["1.", /is not a number/],
      [".5", /is not a number/],
      ["1e3", /is not a number/],
      ["1234567890123456", /is not a number/],
      ["1.1234567890123456", /is not a number/],
      ["0x10", /is not a number/],
    ],
  ],
  ["number-choice", ["1", "-1"], [["one", /"one" is not a number/]]],
  [
    "date",
    ["2026-02-28", "2028-02-29"],
    [
      ["2026-02-30", /a date is written 2026-02-28/],
      ["2026-02-29", /a date is written/],
      [" 2026-02-28", "2026-02-28"],
      ["2026-02-28 10:00:00", "2026-02-28"],
      ["2026-02-30 10:00:00", /a date is written/],
      ["28.02.2026", /a date is written/],
      ["x2026-02-28", /a date is written/],
    ],
  ],
  [
    "duration",
    ["1970-01-01 01:30:00", "1970-01-03 00:00:00"],
    [
      ["01:30:00", "1970-01-01 01:30:00"],
      ["2 01:30:59", "1970-01-03 01:30:59"],
      [" 23:59:59 ", "1970-01-01 23:59:59"],
      ["24:00:00", /is not a duration/],
      ["90", /one of 90 minutes is written 1970-01-01 01:30:00/],
      ["1970-01-01", /is not a duration/],
      ["1970-13-01 00:00:00", /is not a duration/],
      ["01:30", /is not a duration/],
    ],
  ],
  [
    "sys-id",
    [ID, "global", "a-b_1"],
    [
      [ID.toUpperCase(), ID],
      [` ${ID}`, ID],
      [`${ID}0`, /is not a sys_id, 32 small hexadecimal digits/],
      ["Beth Anglin", /is not a sys_id/],
    ],
  ],
])("%s", (kind, fitting, others) => {
  test.each(fitting.map((value) => [value]))("takes %j", (value) =>
    expect(problem(kind, value)).toBeUndefined(),
  );
  test.each(others)("does not take %j", (value, said) => {
    if (typeof said === "string") expect(problem(kind, value)).toBe(said);
    else expect(problem(kind, value)).toMatch(said);
  });
});

describe("a time", () => {
  test.each(["2026-02-28 13:00:00", "2026-02-28", "2028-02-29 00:00:00"])("takes %s", (value) =>
    expect(problem("date-time", value, ">=")).toBeUndefined(),
  );
  test.each([
    ["2026-02-28T13:00:00Z", "2026-02-28 13:00:00"],
    ["2026-02-28T13:00:00.123Z", "2026-02-28 13:00:00"],
    ["2026-02-28T13:00Z", "2026-02-28 13:00:00"],
    ["2026-02-28T00:30:00+0100", "2026-02-27 23:30:00"],
    ["2026-02-28T23:30:00-01:00", "2026-03-01 00:30:00"],
    ["2026-02-28T13:00:00", "2026-02-28 13:00:00"],
    [" 2026-02-28 13:00 ", "2026-02-28 13:00:00"],
  ])("%s is meant as %s", (value, meant) => expect(problem("date-time", value, "<")).toBe(meant));
  test.each([
    "2026-02-28 25:00:00",
    "2026-02-30 13:00",
    "tomorrow",
    "2026-13-01T00:00:00Z",
    "x2026-02-28",
    "2026-02-28x",
  ])("does not take %s, and guesses nothing", (value) =>
    expect(problem("date-time", value, ">")).toMatch(/is no date; a date and time is written/),
  );
  test("is equal to a day at midnight only", () => {
    expect(problem("date-time", "2026-02-28")).toMatch(/a day is asked for with ON/);
    expect(problem("date-time", "2026-02-28", "!=")).toBeUndefined();
    expect(problem("date-time", "2026-02-28 00:00:00")).toBeUndefined();
    expect(problem("date", "2026-02-28")).toBeUndefined();
  });
});

describe("a reference", () => {
  test("takes a sys_id, and a name only where types and tables are meant", () => {
    expect(problem("reference", ID, "=", "sys_user")).toBeUndefined();
    expect(problem("reference", ID.toUpperCase(), "=", "sys_user")).toBe(ID);
    expect(problem("reference", "incident", "=", "sys_user")).toMatch(/is not a sys_id/);
    for (const table of ["sys_db_object", "sys_glide_object", "sys_language", "sys_user_role", undefined]) {
      expect(problem("reference", "in_ci-dent", "=", table)).toBeUndefined();
      for (const odd of ["two words", "", "x".repeat(81), "a/b", " incident"])
        expect(problem("reference", odd, "=", table)).toEqual(
          odd ? expect.stringMatching(/sys_id/) : undefined,
        );
    }
  });
});

describe("lists", () => {
  const listed = (value: string, kind: ColumnKind = "choice", operator = "IN") =>
    problem(kind, value, operator);
  test.each(["IN", "NOT IN"])("%s takes values joined by commas alone", (operator) => {
    expect(listed("a,b", "choice", operator)).toBeUndefined();
    expect(listed("a", "choice", operator)).toBeUndefined();
    for (const empty of ["", " "])
      expect(listed(empty, "choice", operator)).toMatch(/the list is empty, and ServiceNow would drop/);
    expect(listed(",a", "choice", operator)).toBe("a");
    expect(listed("a,,b", "choice", operator)).toBe("a,b");
    expect(listed("a,b,", "choice", operator)).toBe("a,b");
    expect(listed(" a,b", "choice", operator)).toBe("a,b");
    expect(listed("a , b", "choice", operator)).toBe("a,b");
  });
  test("each value has to fit the column, and quotes are no part of one", () => {
    expect(listed("1,2,x", "number-choice")).toMatch(/"x" is not a number/);
    expect(listed('a,"b"')).toMatch(/without quotes/);
    expect(listed("a,'b'")).toMatch(/without quotes/);
    expect(listed("a,it's")).toBeUndefined();
    expect(listed(`${ID},beth`, "reference")).toBeUndefined();
    expect(problem("reference", `${ID},beth`, "IN", "sys_user")).toMatch(/"beth" is not a sys_id/);
  });
});

describe("comparison", () => {
  test.each(["<", "<=", ">", ">="])("%s needs a value", (operator) => {
    expect(problem("number", "", operator)).toBe("there is no value to compare with");
    expect(problem("number", "0", operator)).toBeUndefined();
  });
  test("between takes two values that both fit", () => {
    const between = (value: string) => problem("number", value, "BETWEEN");
    expect(between("1@2")).toBeUndefined();
    expect(between("1 and 2")).toBe("1@2");
    expect(between("1,2")).toBe("1@2");
    for (const odd of ["1", "1@", "@2", "1@2@3", "@"]) expect(between(odd)).toMatch(/two values joined/);
    expect(between("x@2")).toMatch(/"x" is not a number/);
    expect(between("1@y")).toMatch(/"y" is not a number/);
  });
  test.each<[string, string, string]>([
    ["=", "=1", "x=1"],
    ["=", " <1", "x<=1"],
    ["=", ">1", "x>=1"],
    ["<", ">1", "x!=1"],
    [">", "=1", "x>=1"],
    ["!=", "=1", "x!=1"],
    ["=", "!1", "x!=1"],
  ])("%s before %j are two signs", (operator, value, meant) => {
    const [found] = checkQuery({ groups: [[[{ field: "x", operator: operator as "=", value }]]], order: [] });
    expect(found).toMatchObject({ kind: "double-equals", column: "x", meant });
  });
  test.each([
    ["@day@before"],
    ["@week@before@1"],
    ["@day@around@1"],
    ["@day@before@x"],
    ["@day@before@1234567"],
    [""],
  ])("a distance from another column is written whole: closed_at%s", (rest) => {
    const types: ColumnTypes = () => ({ kind: "date-time" });
    const of = (text: string) => checkQuery(`opened_atMORETHANclosed_at${text}`, { types })[0];
    if (rest.startsWith("@week")) expect(of(rest)).toBeUndefined();
    else expect(of(rest)?.message).toMatch(/MORETHAN (takes a column and a distance|compares columns)/);
  });
});

describe("without the columns' types", () => {
  const check = (query: string) => checkQuery(query)[0]?.message ?? "fine";
  test.each(["sys_created_on>yesterday", "caller_id.u_seen_at<5", "due_date>=soon", "u_done_on<=x"])(
    "a time is told by its column's name: %s",
    (query) => expect(check(query)).toMatch(/is no date/),
  );
  test.each(["due_dates>soon", "sys_created_on=soon", "closed_at!=soon", "whatever>soon", "mat>1"])(
    "what may be a text is let through: %s",
    (query) => expect(check(query)).toBe("fine"),
  );
  test("what looks like a date has to be one, in any column", () => {
    expect(check("x=2026-02-30")).toMatch(/is no date/);
    expect(check("x=2026-02-28 25:00:00")).toMatch(/is no date/);
    expect(check("x=2026-02-28")).toBe("fine");
    expect(check("x=2026-02-30-7")).toBe("fine");
  });
});

describe("words of a search", () => {
  const words = "123TEXTQUERY321";
  test("are needed, and are found by = alone", () => {
    expect(checkQuery(`${words}=printer`)).toEqual([]);
    for (const query of [`${words}=`, `${words}= `, `${words}LIKEprinter`, "123TEXTINDEXGROUP321=x"])
      expect(checkQuery(query)[0]?.message).toMatch(/A keyword search is written 123TEXTQUERY321=words/);
    expect(checkQuery(`${words}=printer^123TEXTINDEXGROUP321=x`)).toEqual([]);
    expect(checkQuery(`a=1^NQ${words}=printer`)).toEqual([]);
  });
});

describe("the error", () => {
  test("names every column once, and the query that was meant as a whole", () => {
    const types: ColumnTypes = (column) => (column === "x" ? { kind: "number" } : null);
    const problems = checkQuery("a=1^b=2^ORa=3^x=' 5'^ORDERBYb", { types });
    expect(problems.map(({ kind, column }) => [kind, column])).toEqual([
      ["unknown-column", "a"],
      ["unknown-column", "b"],
      ["value", "x"],
    ]);
    expect(queryError(problems)).toMatchObject({ kind: "usage", fields: ["a", "b", "x"] });
    expect(checkQuery("y=1^x='5'^ORDERBYy")[0]?.meant).toBe("y=1^x=5^ORDERBYy");
    expect(queryError([{ kind: "joined", column: "", message: "m", meant: "a=1" }])).toMatchObject({
      message: expect.stringMatching(/m\. Perhaps: a=1/) as string,
      fields: undefined,
    });
    expect(queryError([{ kind: "joined", column: "", message: "m" }]).message).toMatch(/choose Copy query/);
  });
  test("tells columns that are not readable, also the first of a path, from those that are not there", () => {
    const options = {
      columns: new Set(["caller_id", "salary"]),
      unreadable: new Set(["salary", "caller_id.pay"]),
    };
    const kinds = (query: string) => checkQuery(query, options).map(({ kind }) => kind);
    expect(kinds("salary=1")).toEqual(["unreadable-column"]);
    expect(kinds("salary.x=1")).toEqual(["unreadable-column"]);
    expect(kinds("caller_id.pay=1")).toEqual(["unreadable-column"]);
    expect(kinds("caller_id.name=x")).toEqual([]);
    expect(kinds("celler_id.name=x")).toEqual(["unknown-column"]);
    expect(checkQuery("celler_id.name=x", options)[0]?.message).toMatch(
      /no column "celler_id"; did you mean "caller_id"\?/,
    );
  });
});
