import {
  ExpressionError,
  evaluateValue,
  type Data,
} from "../../../host/src/workflows/expressions/evaluate-values";
import { ExpressionEvaluator } from "../../../host/src/workflows/expressions/evaluator";
import { join } from "node:path";

const evaluator = new ExpressionEvaluator(join(__dirname, "../../../host/dist/evaluator.mjs"));
afterAll(() => evaluator.stop());

const steps: Record<string, unknown> = {
  trigger: { event: { number: "INC0010001", priority: "1", opened_at: "2026-07-01 22:30:00" } },
  list: { $return_value: [{ name: "a" }, { name: "b" }], $summary: "2 found" },
  empty: { $return_value: null },
};
const read: string[] = [];
function data(variables: Record<string, unknown> = {}): Data {
  return {
    names: Object.keys(steps),
    load: (name) => {
      read.push(name);
      return JSON.stringify(steps[name]);
    },
    variables: { env: { REGION: "emea" }, ...variables },
  };
}
const value = (input: unknown, variables?: Record<string, unknown>): Promise<unknown> =>
  evaluateValue(evaluator, input, data(variables), "props");
const reason = async (input: unknown, variables?: Record<string, unknown>): Promise<string> => {
  const failure: unknown = await value(input, variables).then(
    (given) => `it gave ${JSON.stringify(given)}`,
    (error: unknown) => error,
  );
  if (!(failure instanceof ExpressionError)) throw new Error(`no ExpressionError: ${String(failure)}`);
  return failure.reason;
};

describe("values", () => {
  test("a text that is one expression becomes its value, of any type", async () => {
    expect(await value("{{ steps.list.$return_value }}")).toEqual([{ name: "a" }, { name: "b" }]);
    expect(await value("  {{ steps.list.$return_value.length }}\n")).toBe(2);
    expect(await value("{{ steps.trigger.event.priority === '1' }}")).toBe(true);
    expect(await value("{{ steps.empty.$return_value }}")).toBeNull();
    expect(await value("{{ ({ a: { b: 1 } }) }}")).toEqual({ a: { b: 1 } });
    expect(await value("{{ {a: {b: '}}'}} }}")).toEqual({ a: { b: "}}" } });
  });

  test("a text around expressions stays a text", async () => {
    expect(await value("P{{ steps.trigger.event.priority }}: {{ steps.trigger.event.number }}")).toBe(
      "P1: INC0010001",
    );
    expect(await value("[{{ steps.list.$return_value[0] }}]")).toBe('[{"name":"a"}]');
    expect(await value("<{{ steps.empty.$return_value }}>")).toBe("<>");
    expect(await value("\\{{ not code }} but {{ 1 + 1 }}")).toBe("{{ not code }} but 2");
  });

  test("texts are found however deep they stand, and all else is left alone", async () => {
    expect(
      await value({ a: ["{{ 1 }}", 2, { "b.c": "{{ env.REGION }}", b: { c: "{{ 3 }}" } }], d: null }),
    ).toEqual({
      a: [1, 2, { "b.c": "emea", b: { c: 3 } }],
      d: null,
    });
  });

  test("only the results that an expression reads are loaded", async () => {
    read.length = 0;
    await value({ a: "{{ steps.trigger.event.number }}", b: "{{ steps['trigger'].event.priority }}" });
    expect(read).toEqual(["trigger"]);
    read.length = 0;
    expect(await value("{{ Object.keys(steps) }}")).toEqual(["trigger", "list", "empty"]);
    expect(await value("{{ JSON.stringify(steps[env.REGION === 'emea' ? 'list' : 'x'].$summary) }}")).toBe(
      '"2 found"',
    );
  });

  test("further names are there", async () => {
    expect(await value("{{ item.name }} {{ index }}", { item: { name: "b" }, index: 1 })).toBe("b 1");
  });

  test.each([
    [
      "{{ formatDate(steps.trigger.event.opened_at, 'dd.MM.yyyy HH:mm', 'Europe/Berlin') }}",
      "02.07.2026 00:30",
    ],
    ["{{ formatDate(0) }}", "1970-01-01 00:00:00"],
    ["{{ formatDate(new Date(Date.UTC(2026, 0, 31)), 'cccc d LLLL', 'UTC', 'fr') }}", "samedi 31 janvier"],
    ["{{ new Date('2026-07-01T12:00:00').getHours() }}", 12],
  ])("dates: %s", async (text, expected) => {
    expect(await value(text)).toBe(expected);
  });
});

describe("what has no value is told in words", () => {
  test.each([
    [
      "{{ steps.trigger.event.numbr }}",
      "numbr is missing: steps.trigger.event has number, priority, opened_at.",
    ],
    ["{{ steps.trigger.evnt.number }}", "evnt is missing: steps.trigger has event."],
    ["{{ steps.nobody.$return_value }}", "nobody is missing: steps has trigger, list, empty."],
    ["{{ steps.list.$return_value[5].name }}", "5 is missing: steps.list.$return_value is a list of 2."],
    [
      "{{ steps.trigger.event.number.first.last }}",
      "first is missing: steps.trigger.event.number is a text.",
    ],
    ["{{ env.REGIN }}", "REGIN is missing: env has REGION."],
    ["{{ steps.trigger.evnt.number.toUpperCase() }}", "evnt is missing: steps.trigger has event."],
  ])("a missing part: %s", async (text, words) => {
    expect(await reason(text)).toBe(words);
  });

  test("a part that may be missing is said so", async () => {
    expect(await value("{{ steps.trigger.event.numbr ?? 'none' }}")).toBe("none");
    expect(await value("{{ steps.trigger.event?.numbr?.x ?? 'none' }}")).toBe("none");
    expect(await value("a{{ steps.trigger.evnt?.number }}b")).toBe("ab");
    expect(await value("{{ undefined }}")).toBeUndefined();
  });

  test.each([
    ["{{ nobody }}", /ReferenceError: '?nobody'? is not defined/],
    ["{{ (() => { for (;;); })() }}", /longer than 100 ms/],
    ["{{ (() => { const f = () => f(); return f(); })() }}", /calls itself too deeply/],
    ["{{ 'x'.repeat(64e6) }}", /more than 16 MB/],
    ["{{ Array.from({ length: 1e7 }, (_, i) => ({ i })) }}", /more than 16 MB|longer than 100 ms/],
    ["{{ /^(a+)+$/.test('a'.repeat(40) + 'b') }}", /longer than 100 ms/],
    ["{{ steps.trigger.event.number.toUpperCase }}", /is a function/],
    ["{{ (() => { const a = {}; a.a = a; return a; })() }}", /circular/i],
    ["{{ 10n }}", /BigInt/],
    ["{{ formatDate('soon') }}", /formatDate takes a time/],
    ["{{ formatDate(0, 'yyyy', 'Mars/Base') }}", /does not know the zone "Mars\/Base"/],
    ["{{ formatDate(undefined) }}", /formatDate takes a time/],
  ])("%s", async (text, words) => {
    expect(await reason(text)).toMatch(words);
    // The next expression is evaluated as if nothing had been.
    expect(await value("{{ 1 + 1 }}")).toBe(2);
  });

  test.each([
    "process",
    "require",
    "globalThis.process",
    "fetch",
    "WebAssembly",
    "this.constructor.constructor('return process')()",
  ])("%s is not to be had", async (code) => {
    expect(
      await value(`{{ (() => { try { return typeof (${code}); } catch { return "undefined"; } })() }}`),
    ).toBe("undefined");
  });

  test("what one expression leaves behind is not there for the next", async () => {
    await value("{{ (globalThis.kept = 1, Object.prototype.polluted = 1) }}");
    expect(await value("{{ typeof kept + typeof ({}).polluted }}")).toBe("undefinedundefined");
  });
});

test("a process that is ended in the middle fails its request alone", async () => {
  const own = new ExpressionEvaluator(join(__dirname, "../../../host/dist/evaluator.mjs"));
  const slow = "{{ (() => { const end = Date.now() + 60; while (Date.now() < end); return 1; })() }}";
  const all = Array.from({ length: 5 }, () => evaluateValue(own, slow, data(), "props"));
  expect(await Promise.all(all)).toEqual([1, 1, 1, 1, 1]);
  own.stop();
  await expect(evaluateValue(own, "{{ 1 }}", data(), "props")).rejects.toThrow("The host is stopping.");
});
