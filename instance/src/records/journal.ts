import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import type { Row } from "../store/values";
import { formatLocal, parseStamp, stamp, zoneOffset } from "../clock/time";
import { newId } from "../ids/sys-id";
import type { Session } from "../core/session";
import type { Work } from "../core/work";

const labels: Record<string, string> = { comments: "Additional comments", work_notes: "Work notes" };

/** The history of a journal column, newest entry first, with stamps in the reader's zone. */
export function journalText(
  instance: Instance,
  { user }: Session,
  table: Table,
  row: Row,
  element: string,
): string {
  const elements = element === "comments_and_work_notes" ? ["comments", "work_notes"] : [element];
  const entries = instance.store.all(
    `SELECT element, value, sys_created_on, sys_created_by FROM sys_journal_field
     WHERE element_id = ? AND element IN (${elements.map(() => "?").join(",")})
     ORDER BY sys_created_on DESC, row_number DESC`,
    [String(row.sys_id), ...elements],
  );
  return entries
    .map((entry) => {
      const time = parseStamp(String(entry.sys_created_on)) ?? 0;
      const when = formatLocal(
        time + zoneOffset(user.timeZone, time),
        `${user.dateFormat} ${user.timeFormat}`,
      );
      const who = instance.users.byName(String(entry.sys_created_by))?.name ?? String(entry.sys_created_by);
      const name = String(entry.element);
      const label = labels[name] ?? table.columns.get(name)?.label ?? name;
      return `${when} - ${who} (${label})\n${entry.value}\n\n`;
    })
    .join("");
}

/** Adds what somebody wrote into a journal column. */
export function addJournal(
  instance: Instance,
  session: Session,
  table: Table,
  sysId: string,
  { element, text }: { element: string; text: string },
  work: Work,
): void {
  instance.store.insert("sys_journal_field", {
    sys_id: work.once(newId),
    name: table.name,
    element,
    element_id: sysId,
    value: text,
    sys_created_on: stamp(work.time),
    sys_created_by: session.user.userName,
  });
}
