import newApprovalDecision from "../../sources/new-approval-decision/new-approval-decision";
import newApprovalRequest from "../../sources/new-approval-request/new-approval-request";
import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import newFieldChange from "../../sources/new-field-change/new-field-change";
import newKnowledgeArticle from "../../sources/new-knowledge-article/new-knowledge-article";
import newSlaBreach from "../../sources/new-sla-breach/new-sla-breach";
import newStateChange from "../../sources/new-state-change/new-state-change";
import { useInstance, type Emitted, type SourceOnPlatform } from "./platform";

/** Start From of sources that tell of what happened to records, and not of the records alone. */
const { writer, control, later, onPlatform } = useInstance({ incidents: 60 });

async function drained(source: SourceOnPlatform): Promise<Emitted[]> {
  const events = [...(await source.deploy())];
  for (;;) {
    const more = await source.poll();
    if (more.length === 0) return events;
    events.push(...more);
  }
}

const fieldOf = (events: readonly Emitted[], name: string) => events.map(({ data }) => data[name]);

test("comments and work notes of the past come oldest first, each once, and then those that follow", async () => {
  const { sys_id: id } = await writer.create("incident", { short_description: "Talked about" });
  for (const comments of ["first", "second", "third"]) {
    await writer.update("incident", id, { comments });
    await later(2);
  }
  await later(120);
  const values = { table: "incident", recordId: id, kind: "comments" };
  const source = await onPlatform(newCommentOrWorkNote, { ...values, startFrom: "everything" });
  expect(await source.deploy()).toEqual([]);
  expect(fieldOf(await source.poll(), "text")).toEqual(["first", "second", "third"]);
  await writer.update("incident", id, { comments: "fourth" });
  expect(fieldOf(await source.poll(), "text")).toEqual(["fourth"]);
  expect(await source.poll()).toEqual([]);
  const nothing = await onPlatform(newCommentOrWorkNote, { ...values, startFrom: "now" });
  await later(120);
  expect(await drained(nothing)).toEqual([]);
});

test("comments since a moment are those since its second", async () => {
  const { sys_id: id } = await writer.create("incident", { short_description: "Since" });
  await writer.update("incident", id, { comments: "before" });
  await later(5);
  await writer.update("incident", id, { comments: "after" });
  const [entry] = await writer.rows("sys_journal_field", `element_id=${id}^value=after`, ["sys_created_on"]);
  const source = await onPlatform(newCommentOrWorkNote, {
    table: "incident",
    recordId: id,
    startFrom: "date",
    startDate: entry?.sys_created_on,
  });
  expect(fieldOf(await drained(source), "text")).toEqual(["after"]);
});

test.each([
  ["New Field Change", newFieldChange, { watchedFields: ["state"] }],
  ["New State Change", newStateChange, {}],
])("%s starts with the audited changes of the past", async (_, component, values) => {
  const { sys_id: id } = await writer.create("incident", { short_description: "Moved on" });
  for (const state of ["2", "1", "2"]) {
    await later(1);
    await writer.update("incident", id, { state });
  }
  await later(120);
  const props = { table: "incident", query: `sys_id=${id}`, detection: "audit", ...values };
  const events = await drained(await onPlatform(component, { ...props, startFrom: "everything" }));
  expect(events.map(({ ts }) => ts)).toEqual(events.map(({ ts }) => ts).sort((a, b) => a - b));
  expect(events).toHaveLength(3);
  expect(await drained(await onPlatform(component, { ...props, startFrom: "now" }))).toEqual([]);
});

test("approvals of the past come once, also when they change meanwhile", async () => {
  const { sys_id: change } = await writer.create("change_request", { short_description: "To be approved" });
  const approver = await writer.idOf("sys_user", "admin", "user_name");
  const made: string[] = [];
  for (let index = 0; index < 3; index++) {
    const { sys_id: id } = await writer.create("sysapproval_approver", {
      sysapproval: change,
      approver,
      state: "requested",
    });
    made.push(String(id));
    await later(1);
  }
  await later(120);
  const query = `sysapproval=${String(change)}`;
  const source = await onPlatform(newApprovalRequest, { query, startFrom: "everything" });
  expect(fieldOf(await drained(source), "sys_id")).toEqual(made);
  await writer.update("sysapproval_approver", made[0], { comments: "Looked at" });
  expect(await source.poll()).toEqual([]);

  await writer.update("sysapproval_approver", made[0], { state: "approved" });
  await writer.update("sysapproval_approver", made[1], { state: "rejected" });
  await later(120);
  const decisions = await onPlatform(newApprovalDecision, { query, startFrom: "everything" });
  expect(fieldOf(await drained(decisions), "state").sort()).toEqual(["approved", "rejected"]);
});

test("articles and breaches of the past come once", async () => {
  const published = await writer.rows("kb_knowledge", "workflow_state=published", ["sys_id"], 1000);
  const articles = await drained(await onPlatform(newKnowledgeArticle, { startFrom: "everything" }));
  expect(fieldOf(articles, "sys_id").sort()).toEqual(published.map(({ sys_id: id }) => id).sort());
  expect(published.length).toBeGreaterThan(3);
  const breached = await writer.rows("task_sla", "has_breached=true", ["sys_id"], 1000);
  const breaches = await drained(await onPlatform(newSlaBreach, { startFrom: "everything" }));
  expect(fieldOf(breaches, "sys_id").sort()).toEqual(breached.map(({ sys_id: id }) => id).sort());
  await expect(
    (await onPlatform(newSlaBreach, { warnMinutes: 30, startFrom: "everything" })).deploy(),
  ).rejects.toThrow(/Start From: a warning is about a breach to come/);
});

test("where the history is closed to the account, it is refused by name, and the present still works", async () => {
  await control("PATCH", "config", {
    acls: ["sys_journal_field", "sys_audit"].map((table) => ({
      table,
      operation: "read",
      roles: ["nobody"],
    })),
  });
  try {
    const comments = { table: "incident", startFrom: "everything" };
    await expect((await onPlatform(newCommentOrWorkNote, comments, "itil")).deploy()).rejects.toThrow(
      /Start From: what happened before cannot be found out.*sys_journal_field/,
    );
    const changes = { ...comments, watchedFields: ["state"] };
    await expect((await onPlatform(newFieldChange, changes, "itil")).deploy()).rejects.toThrow(
      /Start From: what happened before cannot be found out.*sys_audit/,
    );
    const now = await onPlatform(newFieldChange, { ...changes, startFrom: "now" }, "itil");
    expect(await now.deploy()).toEqual([]);
  } finally {
    await control("PATCH", "config", { acls: [] });
  }
});
