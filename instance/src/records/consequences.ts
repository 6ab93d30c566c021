import { followRoles } from "../access/role-grants";
import type { Instance, Session } from "../core";
import type { Table } from "../dictionary/model";
import type { Row } from "../store/values";
import { followDictionary } from "./dictionary-rules";
import { stamps } from "./followers";
import type { Work } from "./pending";

/** What a written record changes about the instance itself: who holds which role, which tables and columns there are. */
export function follow(
  instance: Instance,
  session: Session,
  table: Table,
  { before, after }: { before?: Row; after?: Row },
  work: Work,
): void {
  // Most writes are to tables of the business, which decide nothing here.
  if (!table.name.startsWith("sys_")) return;
  followRoles(instance, table.name, [before, after], stamps(session, work));
  followDictionary(instance, table, { before, after }, stamps(session, work), work);
}
