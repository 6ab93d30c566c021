import { sources } from "../../components/registry";

type Prop = { type?: string; options?: unknown; optional?: boolean; default?: unknown };
const propsOf = (source: (typeof sources)[number]) => source.props as unknown as Record<string, Prop>;
const named = (key: string) => key.replace("servicenow-", "");

/** What a number or a deletion has is the same for every user. */
const WITHOUT_FORMAT = ["servicenow-new-record-deletion", "servicenow-new-count-threshold"];
/** An attachment's columns are few and all of them come. */
const WITHOUT_FIELDS = [...WITHOUT_FORMAT, "servicenow-new-attachment"];

describe.each(sources.map((source) => [named(source.key), source] as const))("%s", (_name, source) => {
  const props = propsOf(source);

  test("has a schedule, a database and a sample event", () => {
    expect(props.timer?.type).toBe("$.interface.timer");
    expect(props.timer?.default).toBeDefined();
    expect(props.db).toBe("$.service.db");
    expect(Object.keys(source.sampleEmit as object).length).toBeGreaterThan(3);
    expect(JSON.stringify(source.sampleEmit)).not.toMatch(/service-now\.com|Bearer|@(?!example)/);
  });

  test("lets the user choose fields, stored or display values, and add an encoded query", () => {
    if (!WITHOUT_FORMAT.includes(source.key)) expect(props.format?.options).toHaveLength(3);
    if (!WITHOUT_FIELDS.includes(source.key)) expect(props.fields?.type).toBe("string[]");
    if (source.key !== "servicenow-new-record-deletion") expect(props.query?.type).toBe("string");
  });

  test("emits each event once and says so to the platform", () => {
    expect(source.dedupe).toBe("unique");
    expect(source.type).toBe("source");
  });
});

test.each([
  ["new-incident", ["priority", "state", "category", "assignmentGroup", "assignedTo", "caller"]],
  ["new-change-request", ["changeType", "risk", "state", "assignmentGroup"]],
  ["new-problem", ["priority", "state", "assignmentGroup"]],
  ["new-task", ["priority", "state", "assignmentGroup", "assignedTo"]],
  ["new-case", ["priority", "state", "assignmentGroup"]],
  ["new-requested-item", ["catalogItem"]],
  ["new-knowledge-article", ["knowledgeBase"]],
  ["new-state-change", ["fromStates", "toStates", "assignmentGroup", "assignedTo"]],
  ["new-approval-request", ["approver", "group", "approvalTable"]],
  ["new-approval-decision", ["approver", "group", "approvalTable"]],
])("%s has pickers for its own filters", (name, wanted) => {
  const source = sources.find(({ key }) => named(key) === name);
  const props = source ? propsOf(source) : {};
  for (const prop of wanted) {
    expect([prop, typeof props[prop]?.options]).toEqual([
      prop,
      expect.stringMatching(/function|object/) as string,
    ]);
    expect(props[prop]?.optional).toBe(true);
  }
});
