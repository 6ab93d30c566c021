import { assertQuery, checkQuery, formatQuery, parseQuery } from "../../../common";
import { encodedLength, splitLongQuery } from "../../../common/query/split";
import { USAGE } from "../stub";

const columns = new Set(["number", "priority", "short_description", "caller_id", "salary"]);

it("names unknown columns, which ServiceNow would ignore, and the nearest that exists", () => {
  const problems = checkQuery("prioritty=1^caller_id.email=x^NQnumber=2^ORDERBYshort_descripton", {
    columns,
  });
  expect(problems.map(({ kind, column }) => [kind, column])).toEqual([
    ["unknown-column", "prioritty"],
    ["unknown-column", "short_descripton"],
  ]);
  expect(problems[0]?.message).toMatch(/did you mean "priority"/);
});

it("names columns the account may not read", () => {
  expect(checkQuery("salary>1", { columns, unreadable: new Set(["salary"]) })[0]?.kind).toBe(
    "unreadable-column",
  );
});

it.each([
  ["numberVALCHANGES", "rule-only"],
  ["number==1", "double-equals"],
])("finds in %s: %s", (query, kind) => expect(checkQuery(query)[0]?.kind).toBe(kind));

it("lets scripts through or not, as told", () => {
  const query = "caller_id=javascript:gs.getUserID()";
  expect(checkQuery(query)).toEqual([]);
  expect(checkQuery(query, { scripts: false })[0]?.kind).toBe("script");
});

it("throws one error that names every column", () => {
  expect(() => assertQuery("a=1^b=2", { columns })).toThrow(USAGE);
  expect(() => assertQuery("a=1^b=2", { columns })).toThrow(/"a"[^]*"b"/);
  expect(assertQuery("number=1", { columns }).groups).toHaveLength(1);
});

describe("a query too long for an address", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => i.toString(16).padStart(32, "0"));
  it("is split at its longest IN list into parts that fit, without doubling a value", () => {
    const query = parseQuery(`active=true^sys_idIN${ids.join(",")},${ids[0]}^ORDERBYnumber`);
    const parts = splitLongQuery(query, 7000) ?? [];
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.every((part) => encodedLength(part) <= 7000)).toBe(true);
    const values = parts.flatMap((part) => part.groups[0]?.[1]?.[0]?.value.split(",") ?? []);
    expect(values).toEqual(ids);
    expect(formatQuery(parts[0] ?? query)).toMatch(/^active=true\^sys_idIN0{32},.*\^ORDERBYnumber$/);
  });
  it("stays whole when it is short, and cannot be split beside ^OR or ^NQ", () => {
    expect(splitLongQuery(parseQuery("a=1"), 7000)).toHaveLength(1);
    expect(splitLongQuery(parseQuery(`sys_idIN${ids.join(",")}^ORa=1`), 7000)).toBeNull();
    expect(splitLongQuery(parseQuery(`sys_idIN${ids.join(",")}^NQa=1`), 7000)).toBeNull();
    expect(splitLongQuery(parseQuery(`a=${"x".repeat(9000)}`), 7000)).toBeNull();
  });
});
