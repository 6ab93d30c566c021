// Written by `npm run docs` from the folders.
import servicenow from "../apps/servicenow.app";
import addComment from "../actions/add-comment/add-comment";
import addWorkNote from "../actions/add-work-note/add-work-note";
import aggregateRecords from "../actions/aggregate-records/aggregate-records";
import approveRequest from "../actions/approve-request/approve-request";
import assignIncident from "../actions/assign-incident/assign-incident";
import bulkCreateRecords from "../actions/bulk-create-records/bulk-create-records";
import bulkDeleteRecords from "../actions/bulk-delete-records/bulk-delete-records";
import bulkUpdateRecords from "../actions/bulk-update-records/bulk-update-records";
import checkAccess from "../actions/check-access/check-access";
import closeCase from "../actions/close-case/close-case";
import closeIncident from "../actions/close-incident/close-incident";
import completeTask from "../actions/complete-task/complete-task";
import copyRecord from "../actions/copy-record/copy-record";
import createCase from "../actions/create-case/create-case";
import createIncident from "../actions/create-incident/create-incident";
import createProblem from "../actions/create-problem/create-problem";
import createProblemTask from "../actions/create-problem-task/create-problem-task";
import createTableRecord from "../actions/create-table-record/create-table-record";
import deleteTableRecord from "../actions/delete-table-record/delete-table-record";
import exportRecords from "../actions/export-records/export-records";
import findRecord from "../actions/find-record/find-record";
import getRecordByNumber from "../actions/get-record-by-number/get-record-by-number";
import getRecordCountsByField from "../actions/get-record-counts-by-field/get-record-counts-by-field";
import getTableRecordById from "../actions/get-table-record-by-id/get-table-record-by-id";
import getTableRecords from "../actions/get-table-records/get-table-records";
import listApprovals from "../actions/list-approvals/list-approvals";
import listCaseActivities from "../actions/list-case-activities/list-case-activities";
import listChoices from "../actions/list-choices/list-choices";
import listMyIncidents from "../actions/list-my-incidents/list-my-incidents";
import listMyTasks from "../actions/list-my-tasks/list-my-tasks";
import listNotes from "../actions/list-notes/list-notes";
import listRecords from "../actions/list-records/list-records";
import listTables from "../actions/list-tables/list-tables";
import listTaskSlas from "../actions/list-task-slas/list-task-slas";
import putIncidentOnHold from "../actions/put-incident-on-hold/put-incident-on-hold";
import rejectRequest from "../actions/reject-request/reject-request";
import reopenIncident from "../actions/reopen-incident/reopen-incident";
import resolveIncident from "../actions/resolve-incident/resolve-incident";
import runGraphqlQuery from "../actions/run-graphql-query/run-graphql-query";
import searchRecordsByKeyword from "../actions/search-records-by-keyword/search-records-by-keyword";
import sendApiRequest from "../actions/send-api-request/send-api-request";
import updateCase from "../actions/update-case/update-case";
import updateIncident from "../actions/update-incident/update-incident";
import updateProblem from "../actions/update-problem/update-problem";
import updateTableRecord from "../actions/update-table-record/update-table-record";
import updateTask from "../actions/update-task/update-task";
import upsertRecord from "../actions/upsert-record/upsert-record";
import newApprovalDecisionSource from "../sources/new-approval-decision/new-approval-decision";
import newApprovalRequestSource from "../sources/new-approval-request/new-approval-request";
import newAssignmentSource from "../sources/new-assignment/new-assignment";
import newCaseSource from "../sources/new-case/new-case";
import newCatalogRequestSource from "../sources/new-catalog-request/new-catalog-request";
import newCatalogTaskSource from "../sources/new-catalog-task/new-catalog-task";
import newChangeRequestSource from "../sources/new-change-request/new-change-request";
import newConfigurationItemSource from "../sources/new-configuration-item/new-configuration-item";
import newFieldChangeSource from "../sources/new-field-change/new-field-change";
import newIncidentSource from "../sources/new-incident/new-incident";
import newKnowledgeArticleSource from "../sources/new-knowledge-article/new-knowledge-article";
import newOrUpdatedRecordSource from "../sources/new-or-updated-record/new-or-updated-record";
import newProblemSource from "../sources/new-problem/new-problem";
import newRecordSource from "../sources/new-record/new-record";
import newRequestedItemSource from "../sources/new-requested-item/new-requested-item";
import newStateChangeSource from "../sources/new-state-change/new-state-change";
import newTaskSource from "../sources/new-task/new-task";
import newUserSource from "../sources/new-user/new-user";
import type { AnyComponent } from "./component";

/** The app that the components share. */
export const app = servicenow;

/** Every one of the actions, by key. */
export const actions: readonly AnyComponent[] = [
  addComment,
  addWorkNote,
  aggregateRecords,
  approveRequest,
  assignIncident,
  bulkCreateRecords,
  bulkDeleteRecords,
  bulkUpdateRecords,
  checkAccess,
  closeCase,
  closeIncident,
  completeTask,
  copyRecord,
  createCase,
  createIncident,
  createProblem,
  createProblemTask,
  createTableRecord,
  deleteTableRecord,
  exportRecords,
  findRecord,
  getRecordByNumber,
  getRecordCountsByField,
  getTableRecordById,
  getTableRecords,
  listApprovals,
  listCaseActivities,
  listChoices,
  listMyIncidents,
  listMyTasks,
  listNotes,
  listRecords,
  listTables,
  listTaskSlas,
  putIncidentOnHold,
  rejectRequest,
  reopenIncident,
  resolveIncident,
  runGraphqlQuery,
  searchRecordsByKeyword,
  sendApiRequest,
  updateCase,
  updateIncident,
  updateProblem,
  updateTableRecord,
  updateTask,
  upsertRecord,
];

/** Every one of the sources, by key. */
export const sources: readonly AnyComponent[] = [
  newApprovalDecisionSource,
  newApprovalRequestSource,
  newAssignmentSource,
  newCaseSource,
  newCatalogRequestSource,
  newCatalogTaskSource,
  newChangeRequestSource,
  newConfigurationItemSource,
  newFieldChangeSource,
  newIncidentSource,
  newKnowledgeArticleSource,
  newOrUpdatedRecordSource,
  newProblemSource,
  newRecordSource,
  newRequestedItemSource,
  newStateChangeSource,
  newTaskSource,
  newUserSource,
];

/** All components. */
export const catalogue: readonly AnyComponent[] = [...actions, ...sources];
