import newAssignment from "../../sources/new-assignment/new-assignment";
import { numbered, useInstance } from "./platform";

const { writer, later, onPlatform } = useInstance();

type Values = Record<string, unknown>;
const about = (text: string, values: Values = {}) => ({ short_description: text, ...values });

describe.each(["audit", "values"])("New Assignment by %s", (detection) => {
  let desk: string, network: string, beth: string, david: string;
  beforeAll(async () => {
    [desk, network] = [
      await writer.idOf("sys_user_group", "Service Desk"),
      await writer.idOf("sys_user_group", "Network"),
    ];
    [beth, david] = [
      await writer.idOf("sys_user", "Beth Anglin"),
      await writer.idOf("sys_user", "David Loo"),
    ];
  });

  /** Tasks that are assigned and reassigned after the deployment; what came of it, as column and both labels. */
  const assigned = async (values: Values) => {
    const source = await onPlatform(newAssignment, {
      detection,
      fields: ["priority"],
      ...values,
    });
    const made = await writer.create("incident", about("To whom", { impact: "1", urgency: "1" }));
    const idle = await writer.create("incident", about("Nobody's"));
    await writer.update("incident", made.sys_id, { category: "network" });
    await source.deploy();
    const changes: Values[] = [
      { assignment_group: desk },
      { assigned_to: beth },
      { assignment_group: network },
    ];
    const events = [];
    for (const change of [...changes, { assigned_to: david }, { assigned_to: "" }]) {
      await writer.update("incident", made.sys_id, change);
      await writer.update("incident", idle.sys_id, { comments: "Still nobody's" });
      await later(2);
      events.push(...(await source.poll()));
    }
    expect(await source.poll()).toEqual([]);
    await later(70);
    expect(await source.poll()).toEqual([]);
    return { source, made, events };
  };
  const short = ({ summary }: { summary: string }) => summary.slice(summary.indexOf(": ") + 2);

  test("of groups and people: each assignment and move, and no removal", async () => {
    const { made, events } = await assigned({ format: "true" });
    expect(events.map(({ summary }) => summary)).toEqual(
      [
        "assignment_group empty → Service Desk",
        "assigned_to empty → Beth Anglin",
        "assignment_group Service Desk → Network",
        "assigned_to Beth Anglin → David Loo",
      ].map((text) => `${numbered(made)}: ${text}`),
    );
    expect(events[0]?.data).toMatchObject({
      new_value: desk,
      new_label: "Service Desk",
      sys_id: made.sys_id,
    });
    expect(events[0]?.data.record).toMatchObject({ priority: "1 - Critical" });
  });

  test.each([
    [
      "people",
      { assigneeKind: "person" },
      ["assigned_to empty → Beth Anglin", "assigned_to Beth Anglin → David Loo"],
    ],
    [
      "groups",
      { assigneeKind: "group" },
      ["assignment_group empty → Service Desk", "assignment_group Service Desk → Network"],
    ],
    ["one person", { assignedTo: ["David Loo"] }, ["assigned_to Beth Anglin → David Loo"]],
    ["one group", { assignmentGroup: ["Service Desk"] }, ["assignment_group empty → Service Desk"]],
    [
      "one person or one group",
      { assignmentGroup: ["Network"], assignedTo: ["Beth Anglin"] },
      ["assigned_to empty → Beth Anglin", "assignment_group Service Desk → Network"],
    ],
    [
      "people in the tasks of one group",
      { assigneeKind: "person", assignmentGroup: ["Network"] },
      ["assigned_to Beth Anglin → David Loo"],
    ],
    ["who had it before", { previousAssignee: ["Beth Anglin"] }, ["assigned_to Beth Anglin → David Loo"]],
    [
      "one group after another",
      { previousGroup: ["Service Desk"], assignmentGroup: ["Network"] },
      ["assignment_group Service Desk → Network"],
    ],
    ["one group after the wrong one", { previousGroup: ["Network"], assignmentGroup: ["Service Desk"] }, []],
  ])("only of %s", async (_name, values, expected) => {
    expect((await assigned(values)).events.map(short)).toEqual(expected);
  });
});
