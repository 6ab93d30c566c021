import servicenow from "../apps/servicenow.app";
import createTableRecord from "../actions/create-table-record/create-table-record";
import deleteTableRecord from "../actions/delete-table-record/delete-table-record";
import getTableRecordById from "../actions/get-table-record-by-id/get-table-record-by-id";
import getTableRecords from "../actions/get-table-records/get-table-records";
import updateTableRecord from "../actions/update-table-record/update-table-record";
import newOrUpdatedRecord from "../sources/new-or-updated-record/new-or-updated-record";
import type { AnyComponent } from "./component";

/** The app that the components share. */
export const app = servicenow;

/** Every action, by key. */
export const actions: readonly AnyComponent[] = [
  createTableRecord,
  deleteTableRecord,
  getTableRecordById,
  getTableRecords,
  updateTableRecord,
];

/** Every source, by key. */
export const sources: readonly AnyComponent[] = [newOrUpdatedRecord];

/** All components. */
export const catalogue: readonly AnyComponent[] = [...actions, ...sources];
