import {
  checkProps,
  describeProblems,
  isRequired,
  readSchedule,
  scheduleInWords,
  toLabelledValue,
  unwrapLabelValue,
  type PropDescription,
} from "../../components/prop-rules";

const optional = (type: string, more: Partial<PropDescription> = {}): PropDescription => ({
  name: "p",
  type,
  optional: true,
  ...more,
});

/** What a component gets for one value, or what is wrong with it. */
function given(prop: PropDescription, value: unknown): unknown {
  const { values, problems } = checkProps([prop], { p: value });
  return problems[0]?.message ?? values.p;
}

describe("an object prop", () => {
  test.each<[unknown, unknown]>([
    [{ a: 1 }, { a: 1 }],
    [{}, {}],
    [{ a: { b: [1] } }, { a: { b: [1] } }],
    ['{"a": {"b": null}}', { a: { b: null } }],
    [' {"a": 1} ', { a: 1 }],
    [[{ a: 1 }], [{ a: 1 }]],
    ['[{"a": 1}]', [{ a: 1 }]],
    [{ __lv: { label: "Two", value: { a: 2 } } }, { a: 2 }],
  ])("takes %j", (value, held) => expect(given(optional("object"), value)).toEqual(held));

  test("is handed on as the very object that was given, also one whose names look like a choice's", () => {
    const value = { label: "not a choice", value: 1 };
    expect(given(optional("object"), value)).toBe(value);
  });

  test.each(["no json", "12", "null", '"text"', '{"a": 1'])("refuses the text %j as no JSON object", (text) =>
    expect(given(optional("object"), text)).toBe(
      "must be an object of names and values, and is a text that is not a JSON object",
    ),
  );
  test.each([
    [5, "5"],
    [true, "true"],
  ])("refuses %j and says what came", (value, shown) =>
    expect(given(optional("object"), value)).toBe(`must be an object of names and values, and is ${shown}`),
  );
});

describe("a cleared field", () => {
  test.each(["string", "integer", "number", "boolean", "object", "string[]", "$.interface.timer"])(
    "of type %s is not set, whichever way it was cleared",
    (type) => {
      for (const cleared of [undefined, null, "", { __lv: null }, { __lv: undefined }]) {
        expect(checkProps([optional(type)], { p: cleared })).toEqual({
          values: {},
          problems: [],
          unknown: [],
        });
        expect(checkProps([{ name: "p", type }], { p: cleared }).problems).toHaveLength(1);
      }
    },
  );

  test("takes the default again", () => {
    expect(given(optional("integer", { default: 5 }), "")).toBe(5);
    expect(given(optional("string", { default: "open" }), null)).toBe("open");
    expect(given(optional("boolean", { default: false }), undefined)).toBe(false);
  });
  test("stays an empty text where the type takes any value, or the default is an empty text", () => {
    expect(given(optional("any"), "")).toBe("");
    expect(given(optional("string", { default: "" }), "")).toBe("");
    expect(given(optional("any"), null)).toBeUndefined();
  });
  test("is not confused with values that are merely empty or false", () => {
    expect(given({ name: "p", type: "integer" }, 0)).toBe(0);
    expect(given({ name: "p", type: "boolean" }, false)).toBe(false);
    expect(given({ name: "p", type: "string[]" }, [])).toEqual([]);
    expect(given({ name: "p", type: "object" }, {})).toEqual({});
  });
});

describe("min and max", () => {
  const bounded = (type: string) => optional(type, { min: -2, max: 10 });
  test.each([-2, 0, 10, "10", " -2 "])("let %j through, ends included", (value) =>
    expect(given(bounded("integer"), value)).toBe(Number(value)),
  );
  test.each([
    [-3, "must be at least -2, and is -3"],
    ["11", "must be at most 10, and is 11"],
    [10.5, "must be at most 10, and is 10.5"],
  ])("stop %j", (value, message) => expect(given(bounded("number"), value)).toBe(message));
  test("of 0 count as limits", () => {
    expect(given(optional("number", { min: 0 }), -0.1)).toBe("must be at least 0, and is -0.1");
    expect(given(optional("integer", { max: 0 }), 1)).toBe("must be at most 0, and is 1");
  });
  test("hold for each item of a list, and the item is named", () => {
    expect(given(bounded("integer[]"), [1, "2", 11])).toBe(
      "has a wrong item: item 3 must be at most 10, and is 11",
    );
    expect(given(bounded("integer[]"), [1, "2", 10])).toEqual([1, 2, 10]);
  });
});

describe("numbers", () => {
  test.each<[string, unknown, number]>([
    ["integer", "12", 12],
    ["integer", "+12", 12],
    ["integer", 9007199254740991, 9007199254740991],
    ["number", "1.5", 1.5],
    ["number", "1e3", 1000],
    ["number", ".5", 0.5],
  ])("%s takes %j", (type, value, held) => expect(given(optional(type), value)).toBe(held));
  test.each<[string, unknown, string]>([
    ["integer", "1.5", 'must be a whole number, and is "1.5"'],
    ["integer", "many", 'must be a whole number, and is "many"'],
    ["integer", true, "must be a whole number, and is true"],
    ["integer", [1], "must be a whole number, and is a list"],
    ["integer", "0x10", 'must be a whole number, and is "0x10"'],
    ["integer", "12 000", 'must be a whole number, and is "12 000"'],
    ["number", " ", 'must be a number, and is " "'],
    ["number", NaN, "must be a number, and is NaN"],
    ["number", Infinity, "must be a number, and is Infinity"],
    [
      "integer",
      "9007199254740993",
      'has "9007199254740993", which is too large to be kept exactly; give it as a text',
    ],
  ])("%s refuses %j", (type, value, message) => expect(given(optional(type), value)).toBe(message));
});

describe("texts, booleans and lists", () => {
  test.each<[string, unknown, unknown]>([
    ["string", 5, "5"],
    ["string", false, "false"],
    ["boolean", "false", false],
    ["boolean", "true", true],
    ["string[]", "one", ["one"]],
    ["string[]", '["a","b"]', ["a", "b"]],
    ["string[]", "[not json", ["[not json"]],
    ["string[]", [1, true], ["1", "true"]],
    ["number[]", ["0.5", 2], [0.5, 2]],
    ["boolean[]", ["true", false], [true, false]],
    ["integer[]", "7", [7]],
    ["http_request", { url: "x" }, { url: "x" }],
  ])("%s takes %j", (type, value, held) => expect(given(optional(type), value)).toEqual(held));
  test.each<[string, unknown, string]>([
    ["boolean", "yes", 'must be true or false, and is "yes"'],
    ["boolean", 1, "must be true or false, and is 1"],
    ["string", {}, "must be a text, and is an object"],
    ["string", ["a"], "must be a text, and is a list"],
    ["string[]", { a: 1 }, "must be a list of texts, and is an object"],
    ["integer[]", ["1", "x"], 'has a wrong item: item 2 must be a whole number, and is "x"'],
    ["integer[]", "x", 'must be a whole number, and is "x"'],
  ])("%s refuses %j", (type, value, message) => expect(given(optional(type), value)).toBe(message));
  test("a secret is not repeated in a message, and a long text is cut", () => {
    expect(given(optional("integer", { secret: true }), "hunter2")).toBe(
      "must be a whole number, and is something else",
    );
    expect(given(optional("integer"), "x".repeat(5000))).toBe(
      `must be a whole number, and is "${"x".repeat(59)}…`,
    );
  });
});

describe("choices", () => {
  const one = { label: "One", value: 1 };
  const two = { label: "Two", value: 2 };
  test("are unwrapped in each of the forms they are stored in", () => {
    expect(unwrapLabelValue({ __lv: one })).toBe(1);
    expect(unwrapLabelValue({ __lv: [one, two] })).toEqual([1, 2]);
    expect(unwrapLabelValue([{ __lv: one }, { __lv: two }, 3])).toEqual([1, 2, 3]);
    expect(unwrapLabelValue({ __lv: "bare" })).toBe("bare");
    expect(unwrapLabelValue("bare")).toBe("bare");
  });
  test("keep their label where the component wants it, and a bare value is its own label", () => {
    const labelled = optional("integer", { withLabel: true });
    expect(given(labelled, { __lv: one })).toEqual(one);
    expect(given(labelled, { __lv: { label: "Seven", value: "7" } })).toEqual({ label: "Seven", value: 7 });
    expect(given(labelled, 5)).toEqual({ label: "5", value: 5 });
    expect(given(optional("string[]", { withLabel: true }), { __lv: [one, two] })).toEqual([
      { label: "One", value: "1" },
      { label: "Two", value: "2" },
    ]);
    expect(given(labelled, { __lv: { label: "X", value: "x" } })).toBe('must be a whole number, and is "x"');
  });
  test("are read as components give them", () => {
    expect(toLabelledValue("a")).toEqual({ label: "a", value: "a" });
    expect(toLabelledValue({ value: 3 })).toEqual({ label: "3", value: 3 });
    expect(toLabelledValue({ __lv: one })).toEqual(one);
    expect(toLabelledValue({ a: 1 })).toEqual({ label: '{"a":1}', value: { a: 1 } });
  });
});

describe("what must be set", () => {
  test("is what is neither optional, hidden, disabled, fixed nor provided by the host", () => {
    const prop = { name: "p", type: "string" };
    expect(isRequired(prop)).toBe(true);
    for (const more of [{ optional: true }, { hidden: true }, { disabled: true }, { static: "x" }])
      expect([more, isRequired({ ...prop, ...more })]).toEqual([more, false]);
    for (const type of ["alert", "$.service.db", "$.interface.http", "$.interface.apphook", "dir"])
      expect([type, isRequired({ name: "p", type })]).toEqual([type, false]);
  });
  test("is not asked for while a form is being filled in, but what is there must be right", () => {
    const props = [
      { name: "a", type: "string" },
      { name: "b", type: "integer" },
    ];
    expect(checkProps(props, { b: "x" }, { partial: true }).problems.map(({ prop }) => prop)).toEqual(["b"]);
    expect(describeProblems(checkProps(props, { b: "x" }).problems)).toBe(
      'a is missing; it takes a text. b must be a whole number, and is "x".',
    );
  });
  test("names that no prop has are listed, and change nothing", () => {
    expect(checkProps([optional("string")], { p: "a", q: 1, r: 2 })).toEqual({
      values: { p: "a" },
      problems: [],
      unknown: ["q", "r"],
    });
  });
});

describe("a schedule", () => {
  test.each<[unknown, unknown]>([
    [{ intervalSeconds: 1 }, { intervalSeconds: 1 }],
    [{ intervalSeconds: "60" }, { intervalSeconds: 60 }],
    [{ intervalSeconds: 31_622_400 }, { intervalSeconds: 31_622_400 }],
    [{ cron: " 0  9 * * 1-5 " }, { cron: "0 9 * * 1-5" }],
    [{ cron: "0 9 * * *", timezone: " " }, { cron: "0 9 * * *" }],
    [
      { cron: "0 9 * * *", timezone: "Europe/Berlin" },
      { cron: "0 9 * * *", timezone: "Europe/Berlin" },
    ],
  ])("may be %j", (value, held) => expect(readSchedule(value)).toEqual({ value: held }));
  test.each<[unknown, RegExp]>([
    [{ intervalSeconds: 0 }, /^must have as intervalSeconds a number from 1 to 31622400 .*and has 0$/],
    [{ intervalSeconds: 31_622_401 }, /and has 31622401$/],
    [{ intervalSeconds: "often" }, /and has "often"$/],
    [{}, /has neither intervalSeconds nor cron/],
    ["every day", /must be a schedule, and is "every day"/],
    [{ cron: "*/5" }, /has one field; it takes five fields/],
    [{ cron: "* * * * * *" }, /has 6 fields; it takes five fields/],
    [{ cron: "* * * * *", timezone: "Mars/Base" }, /names the time zone "Mars\/Base", which does not exist/],
    [{ cron: "* * * * *", timezone: 1 }, /must have as timezone a text/],
  ])("may not be %j", (value, problem) =>
    expect(readSchedule(value)).toEqual({ problem: expect.stringMatching(problem) }),
  );
  test("fixed by the author wins over what was set", () => {
    const timer = { name: "p", type: "$.interface.timer", static: { intervalSeconds: 60 } };
    expect(given(timer, { intervalSeconds: 5 })).toEqual({ intervalSeconds: 60 });
  });
  test("is told in the largest unit that is whole", () => {
    expect(scheduleInWords({ intervalSeconds: 60 })).toBe("every minute");
    expect(scheduleInWords({ intervalSeconds: 90 })).toBe("every 90 seconds");
    expect(scheduleInWords({ intervalSeconds: 172_800 })).toBe("every 2 days");
    expect(scheduleInWords({ cron: "0 9 * * *" })).toBe("at 0 9 * * * (UTC)");
    expect(scheduleInWords({ cron: "0 9 * * *", timezone: "Europe/Berlin" })).toBe(
      "at 0 9 * * * (Europe/Berlin)",
    );
    expect(scheduleInWords(null)).toBeUndefined();
  });
});
