import type { Instance, Session } from "../core";
import type { Table } from "../dictionary/model";
import type { Row } from "../store/values";
import type { Work } from "./pending";

/** Runs the business rules of sys_script for one write. */
export function runRules(
  _instance: Instance,
  _session: Session,
  _table: Table,
  _operation: "insert" | "update" | "delete",
  _sysId: string,
  _before: Row | undefined,
  _work: Work,
): void {}
