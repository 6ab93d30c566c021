import { USAGE } from "../stub";
import fc from "fast-check";
import {
  all,
  andEach,
  any,
  DATE_RANGES,
  encoded,
  everything,
  formatQuery,
  matching,
  nothing,
  parseQuery,
  script,
  where,
  whereFor,
  type Query,
} from "../../../common";
import { OPERATORS } from "../../../common/query";

const d = new Date("2026-03-29T01:30:00Z");

describe("PS-13, PS-15: every operator has a method", () => {
  const x = where("x");
  const cases: Array<[Query, string]> = [
    [x.equals("a"), "x=a"],
    [x.equals(["a", "b"]), "xINa,b"],
    [x.equals(5), "x=5"],
    [x.equals(true), "x=true"],
    [x.equals(d), "x=2026-03-29 01:30:00"],
    [x.equals({ value: "abc" }), "x=abc"],
    [x.equals(null), "xISEMPTY"],
    [x.notEquals("a"), "x!=a"],
    [x.notEquals([1, 2]), "xNOT IN1,2"],
    [x.notEquals(null), "xISNOTEMPTY"],
    [x.in(["a"]), "xINa"],
    [x.notIn(["a", 2]), "xNOT INa,2"],
    [x.contains("a b"), "xLIKEa b"],
    [x.notContains("a"), "xNOT LIKEa"],
    [x.startsWith("a"), "xSTARTSWITHa"],
    [x.endsWith("a"), "xENDSWITHa"],
    [x.isEmpty(), "xISEMPTY"],
    [x.isNotEmpty(), "xISNOTEMPTY"],
    [x.isEmptyString(), "xEMPTYSTRING"],
    [x.isAnything(), "xANYTHING"],
    [x.greaterThan(1), "x>1"],
    [x.greaterOrEqual("2020-01-01"), "x>=2020-01-01"],
    [x.lessThan(1), "x<1"],
    [x.lessOrEqual(d), "x<=2026-03-29 01:30:00"],
    [x.between(1, 2), "xBETWEEN1@2"],
    [x.between(d, d), "xBETWEEN2026-03-29 01:30:00@2026-03-29 01:30:00"],
    [x.on("Today"), "xONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()"],
    [
      x.notOn("Last 7 days"),
      "xNOTONLast 7 days@javascript:gs.beginningOfLast7Days()@javascript:gs.endOfLast7Days()",
    ],
    [x.onDay("2026-03-29", "Europe/Berlin"), "xBETWEEN2026-03-28 23:00:00@2026-03-29 21:59:59"],
    [x.relative("GT", 2, "hour"), "xRELATIVEGT@hour@ago@2"],
    [x.relative("LE", 1, "month", "ahead"), "xRELATIVELE@month@ahead@1"],
    [
      x.datePart("Monday", "dayofweek", "monday"),
      "xDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')",
    ],
    [x.sameAs("y"), "xSAMEASy"],
    [x.differentFrom("y", "day"), "xNSAMEASy@day"],
    [x.greaterThanColumn("y"), "xGT_FIELDy"],
    [x.greaterOrEqualColumn("y"), "xGT_OR_EQUALS_FIELDy"],
    [x.lessThanColumn("y"), "xLT_FIELDy"],
    [x.lessOrEqualColumn("y"), "xLT_OR_EQUALS_FIELDy"],
    [x.moreThan("y", 1, "day", "before"), "xMORETHANy@day@before@1"],
    [x.lessThanDistance("y", 1, "day", "after"), "xLESSTHANy@day@after@1"],
    [x.dynamic("abc"), "xDYNAMICabc"],
    [x.inHierarchy("abc"), "xIN_HIERARCHYabc"],
    [x.inHierarchyDynamic("abc"), "xIN_HIERARCHY_DYNAMICabc"],
    [where("sys_class_name").instanceOf("task"), "sys_class_nameINSTANCEOFtask"],
    [x.equals(script("gs.getUserID()")), "x=javascript:gs.getUserID()"],
  ];
  it.each(cases.map(([query, text]) => [text, query] as const))("%s", (text, query) => {
    expect(String(query)).toBe(text);
    expect(formatQuery(parseQuery(text))).toBe(text);
  });
});

it("PS-16: the 36 date ranges by name", () => {
  expect(DATE_RANGES).toHaveLength(36);
  expect(new Set(DATE_RANGES.map((range) => String(where("x").on(range)))).size).toBe(36);
  expect(String(where("x").on("One year ago"))).toContain("gs.beginningOfOneYearAgo()");
  expect(() => where("x").on("Never" as never)).toThrow(/named date range/);
});

describe("PS-18: any and all", () => {
  const [a, b, c] = [where("a").equals(1), where("b").equals(2), where("c").equals(3)];
  it("join conditions as the grammar binds them", () => {
    expect(String(all(a, any(b, c)))).toBe("a=1^b=2^ORc=3");
    expect(String(any(all(a, b), c))).toBe("a=1^b=2^NQc=3");
    expect(String(any(all(a, b), c).and(where("d").equals(4)))).toBe("a=1^b=2^d=4^NQc=3^d=4");
    expect(String(a.or(b).and(c))).toBe("a=1^ORb=2^c=3");
  });
  it("of an empty list are defined: all is everything, any is nothing", () => {
    expect(String(all())).toBe("");
    expect(String(any())).toBe(String(nothing()));
    expect(String(where("x").in([]))).toBe("sys_idISEMPTY");
    expect(String(where("x").notIn([]))).toBe("");
    expect(String(any(a, everything()))).toBe("");
  });
  it("never change what they were given", () => {
    all(a, b).orderBy("x");
    expect(String(a)).toBe("a=1");
  });
});

it("PS-19: order by several columns, both ways", () => {
  expect(String(where("a").equals(1).orderBy("-opened_at", "priority"))).toBe(
    "a=1^ORDERBYDESCopened_at^ORDERBYpriority",
  );
});

it("PS-12: a query written by hand joins with others without breaking out", () => {
  expect(String(encoded("a=1^NQb=2").and(where("c").equals(3)))).toBe("a=1^c=3^NQb=2^c=3");
});

describe("PS-11: the mapping form", () => {
  it("takes values, lists, null, dates and comparisons", () => {
    const mapping = {
      active: true,
      priority: [1, 2],
      assigned_to: null,
      caller_id: { value: "u1" },
      opened_at: { greaterThan: d },
      short_description: { contains: "mail", notContains: "spam" },
    };
    const before = structuredClone(mapping);
    expect(String(matching(mapping))).toBe(
      "active=true^priorityIN1,2^assigned_toISEMPTY^caller_id=u1^opened_at>2026-03-29 01:30:00^short_descriptionLIKEmail^short_descriptionNOT LIKEspam",
    );
    expect(mapping).toEqual(before);
  });
  it.each([
    [{ number: "X^ORnumberISNOTEMPTY" }, /\^/],
    [{ number: undefined as never }, /undefined/],
    [{ number: { like: "x" } as never }, /comparison/],
    [{ "number=1^x": 1 }, /column/],
  ])("X15: refuses %j", (mapping, words) => {
    expect(() => matching(mapping)).toThrow(words);
  });
});

describe("what a program without types may give", () => {
  const from = (mapping: unknown): string => String(matching(mapping as Record<string, string>));
  it.each<[unknown, string]>([
    [{ priority: { in: 1 } }, "priorityIN1"],
    [{ priority: { notIn: 1 } }, "priorityNOT IN1"],
    [{ state: { in: "1" } }, "stateIN1"],
    [{ number: { contains: 5 } }, "numberLIKE5"],
  ])("%j has a plain meaning", (mapping, text) => {
    expect(from(mapping)).toBe(text);
  });
  it.each([
    { priority: { greaterThan: undefined } },
    { priority: { equals: undefined } },
    { priority: { in: undefined } },
    { priority: { in: [1, undefined] } },
    { priority: {} },
    { priority: { contains: ["a"] } },
    { priority: { value: undefined } },
  ])("%j is refused, as it would match everything or nothing", (mapping) => {
    expect(() => from(mapping)).toThrow(/priority (is|are)/);
    expect(() => where("a").equals(undefined as never)).toThrow("The value for a is undefined");
  });
});

describe("PS-14: wrong sequences do not compile, or are refused", () => {
  it("a column alone is no query, and columns of a row type are checked", () => {
    // @ts-expect-error a comparison is missing
    expect(() => all(where("a")).toString()).toThrow(TypeError);
    const incident = whereFor<{ number: string; caller_id: string }>();
    expect(String(incident("caller_id.email").equals("x"))).toBe("caller_id.email=x");
    // @ts-expect-error no such column
    expect(String(incident("numbr").equals("x"))).toBe("numbr=x");
  });
  it.each<[string, () => unknown]>([
    ["a caret", () => where("x").equals("a^b")],
    ["a comma in a list", () => where("x").in(["a,b"])],
    ["an at sign in a range", () => where("x").between("a@b", "c")],
    ["a script in a value", () => where("x").equals("javascript:gs.log(1)")],
    ["a script in a list", () => where("x").in(["a", " JavaScript:1"])],
    ["an empty search", () => where("x").contains("")],
    ["> followed by =", () => where("x").greaterThan("=5")],
    ["IN followed by _HIERARCHY", () => where("x").in(["_HIERARCHYa"])],
    ["a number that is none", () => where("x").equals(NaN)],
    ["a date that is none", () => where("x").equals(new Date("x"))],
    ["a column that is none", () => where("X Y").equals(1)],
    ["two statements in a script", () => script("a();b()")],
  ])("%s", (_name, make) => expect(make).toThrow(USAGE));
});

const column = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const value = fc.oneof(
  fc.string({ maxLength: 15 }),
  fc.string({
    unit: fc.constantFrom("^", "O", "R", "N", "Q", "=", "<", ">", "I", "E", "@", ",", "a", "_"),
    maxLength: 10,
  }),
  fc.constantFrom(...OPERATORS, "_HIERARCHY", "^ORa=1", "^NQ", "javascript:x", "^EQ", "^^"),
);

it("no value can change the meaning of a query: refused, or read back as the one condition it was (100,000 values)", () => {
  const methods = [
    "equals",
    "notEquals",
    "contains",
    "notContains",
    "startsWith",
    "endsWith",
    "greaterThan",
    "lessThan",
    "greaterOrEqual",
    "lessOrEqual",
  ] as const;
  let written = 0;
  fc.assert(
    fc.property(column, value, fc.constantFrom(...methods), (name, text, method) => {
      let query: Query;
      try {
        query = where(name)[method](text);
      } catch (error) {
        if ((error as { kind?: string }).kind !== "usage") throw error;
        return;
      }
      written++;
      const { groups, order } = parseQuery(String(query.and(where("last").equals(1))));
      if (order.length || groups.length !== 1 || groups[0]?.length !== 2)
        throw new Error(`widened by ${JSON.stringify(text)}`);
      const [condition] = groups[0]?.[0] ?? [];
      if (condition?.field !== name || (condition.value !== text && text !== ""))
        throw new Error(`changed by ${JSON.stringify(text)}`);
    }),
    { numRuns: 100_000 },
  );
  expect(written).toBeGreaterThan(20_000);
});

it("joining is exact: rows match the joined text just when they match the logic (random trees)", () => {
  type Tree = { leaf: string } | { op: "all" | "any"; of: Tree[] };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom("a", "b", "c", "d").map((leaf) => ({ leaf })),
      fc.record({
        op: fc.constantFrom("all" as const, "any" as const),
        of: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  const build = (t: Tree): Query =>
    "leaf" in t ? where(t.leaf).equals(1) : (t.op === "all" ? all : any)(...t.of.map(build));
  const logic = (t: Tree, row: Record<string, boolean>): boolean =>
    "leaf" in t
      ? row[t.leaf] === true
      : t.op === "all"
        ? t.of.every((x) => logic(x, row))
        : t.of.some((x) => logic(x, row));
  const matches = (text: string, row: Record<string, boolean>): boolean =>
    parseQuery(text).groups.some((group) =>
      group.every((clause) => clause.some((c) => row[c.field] === true)),
    );
  fc.assert(
    fc.property(
      tree,
      tree,
      fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean(), d: fc.boolean() }),
      (t, u, row) => {
        if (matches(String(build(t)), row) !== logic(t, row)) throw new Error(String(build(t)));
        const both = formatQuery(andEach(build(t), build(u)));
        if (matches(both, row) !== (logic(t, row) && logic(u, row))) throw new Error(both);
      },
    ),
    { numRuns: 5000 },
  );
});
