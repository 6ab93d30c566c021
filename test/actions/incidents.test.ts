import addComment from "../../actions/add-comment/add-comment";
import addWorkNote from "../../actions/add-work-note/add-work-note";
import assignIncident from "../../actions/assign-incident/assign-incident";
import closeIncident from "../../actions/close-incident/close-incident";
import createIncident from "../../actions/create-incident/create-incident";
import getIncident from "../../actions/get-incident/get-incident";
import listMyIncidents from "../../actions/list-my-incidents/list-my-incidents";
import listNotes from "../../actions/list-notes/list-notes";
import putOnHold from "../../actions/put-incident-on-hold/put-incident-on-hold";
import reopenIncident from "../../actions/reopen-incident/reopen-incident";
import resolveIncident from "../../actions/resolve-incident/resolve-incident";
import updateIncident from "../../actions/update-incident/update-incident";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, total, read } = useInstance();

const make = async (values: Row = {}) =>
  toRow((await run(createIncident, { shortDescription: "Cannot log in", ...values })).result);

describe("Create Incident", () => {
  it("takes people by name and returns a small record", async () => {
    const { result, summary } = await run(createIncident, {
      shortDescription: "Cannot log in",
      callerId: "employee",
      assignedTo: "itil",
      urgency: "1",
    });
    expect(summary).toBe(`Created incident ${String(toRow(result).number)}`);
    expect(Object.keys(toRow(result)).length).toBeLessThan(15);
    const stored = await read("incident", String(toRow(result).sys_id));
    expect(stored.caller_id).toBe("681ccaf9c0a8016400b98a06818d57c7");
    expect(stored.assigned_to).toBe("681b365ec0a80164000fb0b05854a0cd");
  });

  it("lists the candidates, and creates nothing, when a name fits several or nobody", async () => {
    const before = await total("incident");
    await expect(make({ callerId: "Nobody Like This" })).rejects.toThrow(
      /Caller: no user has "Nobody Like This"/,
    );
    await expect(make({ shortDescription: " " })).rejects.toThrow(/Short Description is missing/);
    expect(await total("incident")).toBe(before);
  });

  it("does not double with a correlation id", async () => {
    const first = await make({ correlationId: "alert-1" });
    const second = await run(createIncident, { shortDescription: "Again", correlationId: "alert-1" });
    expect(toRow(second.result).sys_id).toBe(first.sys_id);
    expect(second.summary).toMatch(/^Found the incident created before/);
  });
});

describe("Get Incident", () => {
  it("gives labels beside raw codes, and an empty list for an unknown number", async () => {
    const { number } = await make({ urgency: "1" });
    const { result } = await run(getIncident, { incidentNumber: number });
    expect(result).toEqual([expect.objectContaining({ number, state: "1", state_label: "New" })]);
    const none = await run(getIncident, { incidentNumber: "INC9999999" });
    expect(none).toMatchObject({ result: [], summary: "No incident found with number INC9999999" });
  });

  it("refuses a ^ in the number", async () => {
    await expect(run(getIncident, { incidentNumber: "INC1^active=true" })).rejects.toThrow(/\^/);
  });
});

describe("the life of an incident", () => {
  it("is updated, held, resolved, reopened and closed", async () => {
    const { number: incident, sys_id: id } = await make();
    // A choice is saved with its label in some clients.
    await run(updateIncident, {
      incident,
      urgency: { label: "1 - High", value: "1" },
      otherFields: { contact_type: "phone" },
    });
    expect(await read("incident", String(id))).toMatchObject({ urgency: "1", contact_type: "phone" });

    await expect(run(putOnHold, { incident, holdReason: "1" })).rejects.toThrow(/Comment: tell the caller/);
    const held = await run(putOnHold, { incident, holdReason: "1", comment: "Please send a screenshot" });
    expect(held.result).toMatchObject({ state: "3" });

    const working = await run(updateIncident, { incident, state: "2" });
    expect(working.result).toMatchObject({ state: "2" });

    const resolved = await run(resolveIncident, {
      incident,
      closeCode: "Solution provided",
      closeNotes: "Password reset",
    });
    expect(resolved).toMatchObject({
      summary: `Resolved incident ${String(incident)}`,
      result: { state: "6" },
    });

    const reopened = await run(reopenIncident, { incident, reason: "It happens again" });
    expect(reopened.result).toMatchObject({ state: "2" });
    await expect(run(reopenIncident, { incident, reason: "Once more" })).rejects.toThrow(/nothing to reopen/);

    await expect(run(resolveIncident, { incident, closeCode: "Solution provided" })).rejects.toThrow(
      /Resolution Notes is missing/,
    );
    const closed = await run(closeIncident, { incident, closeCode: "User error", closeNotes: "Explained" });
    expect(closed.result).toMatchObject({ state: "7" });
  });

  it("tells the mandatory fields when an incident is closed without them", async () => {
    const { number: incident, sys_id: id } = await make();
    await expect(run(closeIncident, { incident })).rejects.toThrow(/Resolution code|Close notes|mandatory/i);
    expect(await read("incident", String(id))).toMatchObject({ state: "1" });
  });

  it("is assigned by name, and not at all when nothing is given", async () => {
    const { number: incident } = await make();
    const { result } = await run(assignIncident, { incident, assignedTo: "itil" });
    expect(result).toMatchObject({ assigned_to: "681b365ec0a80164000fb0b05854a0cd" });
    await expect(run(assignIncident, { incident })).rejects.toThrow(/Assigned To, Assignment Group or both/);
    await expect(run(updateIncident, { incident })).rejects.toThrow(/nothing to change/);
    await expect(run(updateIncident, { incident: "INC9999999", urgency: "1" })).rejects.toThrow(
      /no record with the number "INC9999999"/,
    );
  });
});

describe("comments and work notes", () => {
  it("are added to a task of any kind and read back, newest first", async () => {
    const { number: task } = await make();
    const comment = await run(addComment, { task, comment: "We are on it" });
    expect(comment.summary).toBe(`Added a comment to ${String(task)}`);
    await run(addWorkNote, { task, workNote: "Looked at the logs" });
    const { result } = await run(listNotes, { task });
    const notes = toRows(result);
    expect(notes.map(({ text }) => text).sort()).toEqual(["Looked at the logs", "We are on it"]);
    expect(notes[0]).toMatchObject({ author: "admin", created: expect.stringMatching(/^\d{4}-/) });
    const only = await run(listNotes, { task, kind: "comments" });
    expect(toRows(only.result).map(({ text }) => text)).toEqual(["We are on it"]);
    await expect(run(addComment, { task, comment: "" })).rejects.toThrow(/Comment is missing/);
  });
});

describe("List My Incidents", () => {
  it("gives those of the connected account", async () => {
    const { number } = await make({ assignedTo: "admin" });
    const { result } = await run(listMyIncidents, {});
    expect(toRows(result).map((row) => row.number)).toContain(number);
    const reported = await run(listMyIncidents, { role: "caller" });
    expect(toRows(reported.result).map((row) => row.number)).not.toContain(number);
  });
});
