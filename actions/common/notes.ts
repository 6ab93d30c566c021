import type { ListFacts, ServiceNow } from "../../common";
import type { FoundRecord } from "./resolve";
import { allOf } from "./query";

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
