import fc from "fast-check";
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

  it("is split no further than the address asks: a part is as full as it can be, to the byte", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "é", "%"), minLength: 1, maxLength: 6 }), {
          minLength: 2,
          maxLength: 30,
        }),
        fc.integer({ min: 40, max: 120 }),
        (values, room) => {
          const query = parseQuery(`state=1^noteIN${values.join(",")}^ORDERBYnote`);
          const parts = splitLongQuery(query, room);
          const listOf = (part: (typeof parts & object)[number]) => part.groups[0]?.[1]?.[0]?.value ?? "";
          if (!parts) {
            const alone = encodedLength(`state=1^noteIN${values[0]}^ORDERBYnote`);
            const longest = Math.max(...values.map((value) => encodeURIComponent(value).length));
            expect(alone > room || longest > room - 40).toBe(true);
            return;
          }
          expect(parts.map(listOf).join(",")).toBe(values.join(","));
          for (const [at, part] of parts.entries()) {
            const next = parts[at + 1];
            if (!next) continue;
            const [first = ""] = listOf(next).split(",");
            const fuller = formatQuery(part).replace("^ORDERBY", `,${first},^ORDERBY`);
            expect(encodedLength(fuller)).toBeGreaterThan(room);
          }
        },
      ),
    );
  });

  it("fits to the byte: one byte less, and it is split", () => {
    const query = parseQuery(`sys_idIN${ids.slice(0, 5).join(",")}`);
    const whole = encodedLength(query);
    expect(splitLongQuery(query, whole)).toEqual([query]);
    expect(splitLongQuery(query, whole - 1)).toHaveLength(2);
    const one = encodedLength(`sys_idIN${ids[0]}`);
    expect(splitLongQuery(query, one)).toHaveLength(5);
    expect(splitLongQuery(query, one - 1)).toBeNull();
  });

  it("is split at the longest of several lists, the first of equal ones, and never at words to search for", () => {
    const split = (text: string) =>
      splitLongQuery(parseQuery(text), encodedLength(text) - 1)?.map((part) => formatQuery(part));
    expect(split("aIN1,2^bIN1,2,3^cIN1,2")).toEqual(["aIN1,2^bIN1,2^cIN1,2", "aIN1,2^bIN3^cIN1,2"]);
    expect(split("aIN1,2^bIN1,2")).toEqual(["aIN1^bIN1,2", "aIN2^bIN1,2"]);
    expect(split("123TEXTQUERY321INone,two,three^aIN1,2")).toEqual([
      "123TEXTQUERY321INone,two,three^aIN1",
      "123TEXTQUERY321INone,two,three^aIN2",
    ]);
    expect(split("a=1,2^bNOT IN1,2")).toBeUndefined();
  });
});
