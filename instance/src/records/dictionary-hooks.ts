import { updateRoleGrants } from "./role-grants";
import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import type { Row } from "../store/values";
import { updateDictionary } from "./dictionary-rules";
import { stamps } from "./after-write";
import type { Session } from "../core/session";
import type { Work } from "../core/work";

/** What a written record changes about the instance itself: who holds which role, which tables and columns there are. */
export function runDictionaryHooks(
  instance: Instance,
  session: Session,
  table: Table,
  { before, after }: { before?: Row; after?: Row },
  work: Work,
): void {
  // Most writes are to tables of the business, which decide nothing here.
  if (!table.name.startsWith("sys_")) return;
  updateRoleGrants(instance, table.name, [before, after], stamps(session, work));
  updateDictionary(instance, table, { before, after }, stamps(session, work), work);
}
