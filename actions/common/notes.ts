import type { ListFacts, ServiceNow } from "../../common";
import { JOURNAL_COLUMNS } from "../../common/http/retry";
import { allOf } from "./query";
import { resolveRecord, type FoundRecord } from "./resolve";
import { fixedFields, type FixedFields } from "./fixed-fields";
import { writeRecord } from "./write";
import { furtherValues } from "./record-values";
import type { Warnings } from "./report";

export interface Note {
  sys_id: string;
  kind: string;
  /** User name of the author. */
  author: string;
  /** UTC. */
  created: string;
  text: string;
}

/**
 * Comments and work notes of a task, newest first, from the journal. The journal is closed to some accounts, which then see no rows although the
 * task has notes; a total above zero tells the two apart.
 */
export async function readNotes(
  client: ServiceNow,
  task: FoundRecord,
  kind: string | undefined,
  max: number,
): Promise<ListFacts & { rows: Note[] }> {
  const list = await client.table("sys_journal_field").list({
    query: allOf([
      ["element_id", "=", task.sys_id],
      ["element", "IN", kind || "comments,work_notes"],
    ]),
    fields: ["sys_id", "element", "value", "sys_created_by", "sys_created_on"],
    orderBy: ["-sys_created_on"],
    max,
  });
  const rows = list.rows.map((row) => ({
    sys_id: row.sys_id,
    kind: row.element,
    author: row.sys_created_by,
    created: row.sys_created_on,
    text: row.value,
  }));
  return { ...list, rows };
}

/**
 * Adds a note to a task of any kind, and changes the other fields that were given with it.
 * @returns the task's sys_id, number and class, the note as given, and the other fields as they are stored now; and what a summary has to add
 */
export async function addNote(
  client: ServiceNow,
  props: { task: string },
  note: FixedFields,
): Promise<{ task: Record<string, unknown> & { number: string }; warnings: Warnings }> {
  const values = fixedFields(props, note, "Update Task");
  const task = await resolveRecord(client, "task", props.task, "Task", ["sys_class_name"]);
  const table = task.sys_class_name || "task";
  // A journal reads back as all its entries, or as nothing.
  const others = Object.keys(values).filter((column) => !JOURNAL_COLUMNS.includes(column));
  const mustHold = others.filter((column) => column === "state");
  const summaryFields = ["sys_id", ...others];
  const { record, warnings } = await writeRecord(
    client,
    task.sys_id,
    { table, values, props: {}, free: Object.keys(furtherValues(props)), summaryFields },
    mustHold,
  );
  const notes = Object.fromEntries(
    Object.entries(note).map(([column, [, text]]): [string, unknown] => [column, text]),
  );
  const done = { ...record, sys_id: task.sys_id, number: task.number, table, ...notes };
  return { task: done, warnings };
}
