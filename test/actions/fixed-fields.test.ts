import assignIncident from "../../actions/assign-incident/assign-incident";
import putOnHold from "../../actions/put-incident-on-hold/put-incident-on-hold";
import { instanceOf } from "../helpers/components";
import type { Row } from "../helpers/action-suite";
import { useWorld } from "../helpers/action-cases";
import { TEXTS, VERBS } from "./cases/fixed-fields";

const world = useWorld();
const { run, read, total, auth, faults } = world;

describe.each(VERBS.map((verb) => [verb.action.name, verb] as const))("%s", (_name, verb) => {
  const { action, table, make, names, props = {}, does, inWords = does, further = TEXTS, refuses } = verb;
  const [json, input] = further;

  it("changes further columns along with it, by JSON object and by input", async () => {
    const { sys_id: id } = await make(world, table);
    const target = { ...props, [names]: id };
    const chosen = instanceOf(action, auth(), { ...target, fieldNames: [input] });
    const additional = action.additionalProps as (previous: object) => Promise<Row>;
    expect(Object.keys(await additional.call(chosen, {}))).toEqual([`field_${input}`]);

    // What the action sets itself may be said once more.
    await run(action, { ...target, otherFields: { ...inWords, [json]: "17" }, [`field_${input}`]: "18" });
    expect(await read(table, String(id))).toMatchObject({ ...does, [json]: "17", [input]: "18" });
  });

  it("refuses or names a column that the table does not have", async () => {
    const { sys_id: id } = await make(world, table);
    const done = await run(action, { ...props, [names]: id, otherFields: { asigned_to: "itil" } }).catch(
      String,
    );
    // The Change API says itself which fields it ignored.
    expect(JSON.stringify(done)).toMatch(
      table === "change_request"
        ? /"ignored_fields":\["asigned_to"\]/
        : /no column \\"asigned_to\\".*Nothing was written/,
    );
  });

  it("refuses a column that it sets itself, before any request", async () => {
    const { sys_id: id } = await make(world, table);
    const before = world.footprint();
    for (const [column, value, setBy] of refuses) {
      const target = { ...props, [names]: id };
      const said = (where: string) => new RegExp(`^${where}: \`${column}\` is what ${setBy} sets`);
      const object = { ...target, otherFields: { [column]: value, [json]: "17" } };
      await expect(world.runWith("away", action, object)).rejects.toThrow(said("Other Fields"));
      await expect(run(action, { ...target, [`field_${column}`]: value })).rejects.toThrow(said("Fields"));
    }
    expect(world.footprint()).toEqual(before);
  });
});

describe("a journal entry in the JSON object of a verb", () => {
  const notes = (incident: unknown) => total("sys_journal_field", `element_id=${String(incident)}`);
  afterEach(() => faults([]));

  it("tells the caller what an incident on hold waits for", async () => {
    const { sys_id: incident } = await world.incident();
    await run(putOnHold, { incident, holdReason: "1", otherFields: { comments: "Send a screenshot" } });
    expect(await notes(incident)).toBe(1);
  });

  it("is not written twice when the answer is lost, where other columns are sent again", async () => {
    const { sys_id: incident } = await world.incident();
    const lost = { match: { method: "PATCH", table: "incident" }, reset: "after", count: 1 };
    await faults([lost]);
    const entry = { work_notes: "Once only" };
    await expect(run(assignIncident, { incident, assignedTo: "itil", otherFields: entry })).rejects.toThrow(
      /may have been carried out/,
    );
    expect(await notes(incident)).toBe(1);
    await faults([lost]);
    await run(assignIncident, { incident, assignedTo: "admin", otherFields: { contact_type: "phone" } });
    expect(await read("incident", String(incident))).toMatchObject({ contact_type: "phone" });
  });
});
