import { USAGE } from "../stub";
import fc from "fast-check";
import { andEach, columnsOf, formatQuery, parseQuery } from "../../../common/query";
import { OPERATORS, WITHOUT_VALUE, type Condition, type ParsedQuery } from "../../../common/query/grammar";

const one = (text: string) => parseQuery(text).groups[0]?.[0]?.[0];

describe("reading an encoded query", () => {
  it("binds OR tighter than AND, and NQ weakest", () => {
    const { groups } = parseQuery("a=1^b=2^ORc=3^NQd=4");
    expect(groups.map((g) => g.map((c) => c.map((t) => t.field)))).toEqual([[["a"], ["b", "c"]], [["d"]]]);
  });

  it.each([
    ["short_descriptionLIKEmail server", "short_description", "LIKE", "mail server"],
    ["stateNOT IN6,7", "state", "NOT IN", "6,7"],
    ["caller_id.department.name=IT", "caller_id.department.name", "=", "IT"],
    ["sys_class_nameINSTANCEOFtask", "sys_class_name", "INSTANCEOF", "task"],
    ["cmdb_ciIN_HIERARCHYabc", "cmdb_ci", "IN_HIERARCHY", "abc"],
    ["assigned_toISEMPTY", "assigned_to", "ISEMPTY", ""],
    ["numberGT_FIELDpriority", "number", "GT_FIELD", "priority"],
    ["123TEXTQUERY321=printer", "123TEXTQUERY321", "=", "printer"],
    ["descriptionDOES NOT CONTAINx", "description", "DOES NOT CONTAIN", "x"],
    ["number>=INC001", "number", ">=", "INC001"],
    ["short_description=a=b", "short_description", "=", "a=b"],
    [
      "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
      "opened_at",
      "ON",
      "Today@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
    ],
  ])("reads %s", (text, field, operator, value) => {
    expect(one(text)).toEqual({ field, operator, value });
    expect(formatQuery(parseQuery(text))).toBe(text);
  });

  it("takes ORDERBY from any place and drops the list's ^EQ", () => {
    const query = parseQuery("ORDERBYDESCnumber^active=true^ORDERBYsys_id^EQ");
    expect(query.order).toEqual([
      { field: "number", descending: true },
      { field: "sys_id", descending: false },
    ]);
    expect(formatQuery(query)).toBe("active=true^ORDERBYDESCnumber^ORDERBYsys_id");
  });

  it("keeps a related-list part whole", () => {
    const text = "active=true^RLQUERYincident.problem_id,>=1^priority=1^ENDRLQUERY^state=1";
    expect(formatQuery(parseQuery(text))).toBe(text);
  });

  it.each([
    "active=true^",
    "^active=true",
    "a=1^^b=2",
    "^^^",
    "a=1^NQ",
    "NQa=1",
    "ORa=1",
    "hello",
    "a=1^b",
    "a=1^RLQUERYx",
  ])("refuses %s, which ServiceNow would read as something wider", (text) => {
    expect(() => parseQuery(text)).toThrow(USAGE);
  });

  it("refuses ORDERBY where the order is fixed", () => {
    expect(() => parseQuery("a=1^ORDERBYb", { order: "refuse" })).toThrow(/ORDERBY/);
  });
});

describe("adding a condition", () => {
  it("distributes it over every ^NQ group", () => {
    expect(formatQuery(andEach("a=1^NQb=2^ORc=3", "t>5^NQt=5^sys_id>x"))).toBe(
      "a=1^t>5^NQa=1^t=5^sys_id>x^NQb=2^ORc=3^t>5^NQb=2^ORc=3^t=5^sys_id>x",
    );
  });
  it("leaves the condition alone when there is no filter", () => {
    expect(formatQuery(andEach("", "t>5"))).toBe("t>5");
  });
});

it("lists the columns a query needs, those it compares with too", () => {
  expect(columnsOf("a.b=1^ORc=2^NQopened_atSAMEASclosed_at@day^123TEXTQUERY321=x^ORDERBYDESCd")).toEqual([
    "a.b",
    "c",
    "opened_at",
    "closed_at",
    "d",
  ]);
});

const field = fc
  .array(fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("."));
const condition: fc.Arbitrary<Condition> = fc
  .record({ field, operator: fc.constantFrom(...OPERATORS), value: fc.string({ maxLength: 12 }) })
  .map((c) => (WITHOUT_VALUE.has(c.operator) ? { ...c, value: "" } : c));
const query: fc.Arbitrary<ParsedQuery> = fc.record({
  groups: fc.array(
    fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  order: fc.array(fc.record({ field, descending: fc.boolean() }), { maxLength: 2 }),
});

it("reads back what it writes, or refuses to write it: 100,000 random queries written and read", () => {
  let written = 0;
  fc.assert(
    fc.property(query, (q) => {
      let text: string;
      try {
        text = formatQuery(q, { caret: "escape" });
      } catch (error) {
        expect(error).toMatchObject({ kind: "usage" });
        return;
      }
      written++;
      if (JSON.stringify(parseQuery(text, { caret: "escape" })) !== JSON.stringify(q)) {
        throw new Error(`${text} read back differently`);
      }
    }),
    // Some are refused for their values; what counts is how many were written and read back.
    { numRuns: 101_000 },
  );
  expect(written).toBeGreaterThanOrEqual(100_000);
});
