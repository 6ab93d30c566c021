import fc from "fast-check";
import { cutResult, valueAt } from "../../host/src/agents/cut-result";
import { partOf } from "../../host/src/agents/read-result";
import { toolName } from "../../host/src/agents/tool-names";

test("a result that fits is left alone, and any other is shorter and says what is left out", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.integer({ min: 300, max: 2000 }), (text, room) => {
      const value: unknown = JSON.parse(text);
      const { value: short, omissions } = cutResult(value, room);
      if (text.length <= room) expect({ short, omissions }).toEqual({ short: value, omissions: [] });
      // What is not named as cut is as it was.
      if (omissions.length === 0) expect(short).toEqual(value);
      for (const { path, shown, total } of omissions) {
        expect(shown).toBeLessThan(total);
        const whole = valueAt(value, path);
        expect(
          typeof whole === "string" || Array.isArray(whole)
            ? whole.length
            : Object.keys(whole as object).length,
        ).toBe(total);
      }
    }),
  );
});

test.each([
  ["a list of large items", Array.from({ length: 30 }, (_, at) => ({ at, text: "x".repeat(30_000) }))],
  ["a long text", "äö".repeat(40_000)],
  ["lists in lists", Array.from({ length: 20 }, () => Array.from({ length: 3000 }, (_, at) => at))],
  [
    "an object of large values",
    Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`n${at}`, "y".repeat(5000)])),
  ],
])("%s is cut to about what an answer holds", (_name, value) => {
  const { value: short, omissions } = cutResult(value);
  expect(JSON.stringify(short).length).toBeLessThan(20_000);
  expect(omissions).not.toEqual([]);
});

test.each([
  ["a list", Array.from({ length: 2000 }, (_, at) => ({ at, text: "z".repeat(40) }))],
  ["a text", Array.from({ length: 5000 }, (_, at) => String(at)).join(" ")],
])("%s can be read in parts, each item once", (_name, value) => {
  const parts: unknown[] = [];
  for (let offset: number | undefined = 0, reads = 0; offset !== undefined && reads < 100; reads += 1) {
    const part = partOf({ deep: [value] }, "/deep/0", offset);
    parts.push(...(part.value as Iterable<unknown>));
    offset = part.next_offset;
  }
  expect(parts).toEqual([...value]);
});

test("a path that is not there is named", () => {
  expect(() => valueAt({ a: [1] }, "/a/5")).toThrow('The result has no "5" at /a/5.');
  expect(() => valueAt({}, "a")).toThrow("path is a JSON Pointer");
  expect(valueAt({ "a/b": { "~": 1 } }, "/a~1b/~0")).toBe(1);
});

test("tool names keep keys that clients take, and tell others apart", () => {
  expect(toolName("servicenow-get-incident")).toBe("servicenow-get-incident");
  const long = "a".repeat(70);
  expect(toolName(`${long}1`)).toHaveLength(64);
  expect(toolName(`${long}1`)).not.toBe(toolName(`${long}2`));
  expect(toolName("~/pkg key")).toMatch(/^[\w-]+$/);
});
