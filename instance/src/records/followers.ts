import type { Instance, Session } from "../core";
import type { Table } from "../dictionary/model";
import type { Row } from "../store/values";
import type { Work } from "./pending";

/** What other tables do when a record is written: SLAs, approvals, metrics. */
export function followInsert(_i: Instance, _s: Session, _t: Table, _row: Row, _work: Work): void {}

export function followUpdate(
  _i: Instance,
  _s: Session,
  _t: Table,
  _before: Row,
  _after: Row,
  _work: Work,
): void {}

/** Takes away what hangs on a deleted record. */
export function followDelete(_instance: Instance, _sysId: string): void {}
