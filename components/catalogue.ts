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
import newApprovalDecision from "../sources/new-approval-decision/new-approval-decision";
import newApprovalRequest from "../sources/new-approval-request/new-approval-request";
import newAssignment from "../sources/new-assignment/new-assignment";
import newAttachment from "../sources/new-attachment/new-attachment";
import newCase from "../sources/new-case/new-case";
import newCatalogRequest from "../sources/new-catalog-request/new-catalog-request";
import newCatalogTask from "../sources/new-catalog-task/new-catalog-task";
import newChangeRequest from "../sources/new-change-request/new-change-request";
import newCommentOrWorkNote from "../sources/new-comment-or-work-note/new-comment-or-work-note";
import newConfigurationItem from "../sources/new-configuration-item/new-configuration-item";
import newCountThreshold from "../sources/new-count-threshold/new-count-threshold";
import newFieldChange from "../sources/new-field-change/new-field-change";
import newIncident from "../sources/new-incident/new-incident";
import newKnowledgeArticle from "../sources/new-knowledge-article/new-knowledge-article";
import newMatchingRecord from "../sources/new-matching-record/new-matching-record";
import newOrUpdatedRecord from "../sources/new-or-updated-record/new-or-updated-record";
import newProblem from "../sources/new-problem/new-problem";
import newQueryResult from "../sources/new-query-result/new-query-result";
import newRecord from "../sources/new-record/new-record";
import newRecordDeletion from "../sources/new-record-deletion/new-record-deletion";
import newRecordEventInstant from "../sources/new-record-event-instant/new-record-event-instant";
import newRequestedItem from "../sources/new-requested-item/new-requested-item";
import newSlaBreach from "../sources/new-sla-breach/new-sla-breach";
import newStateChange from "../sources/new-state-change/new-state-change";
import newTask from "../sources/new-task/new-task";
import newUser from "../sources/new-user/new-user";
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
  newApprovalDecision,
  newApprovalRequest,
  newAssignment,
  newAttachment,
  newCase,
  newCatalogRequest,
  newCatalogTask,
  newChangeRequest,
  newCommentOrWorkNote,
  newConfigurationItem,
  newCountThreshold,
  newFieldChange,
  newIncident,
  newKnowledgeArticle,
  newMatchingRecord,
  newOrUpdatedRecord,
  newProblem,
  newQueryResult,
  newRecord,
  newRecordDeletion,
  newRecordEventInstant,
  newRequestedItem,
  newSlaBreach,
  newStateChange,
  newTask,
  newUser,
];

/** All components. */
export const catalogue: readonly AnyComponent[] = [...actions, ...sources];
