// Written by `npm run docs` from the folders.
import servicenow from "../apps/servicenow.app";
import addChangeTask from "../actions/add-change-task/add-change-task";
import addCiRelation from "../actions/add-ci-relation/add-ci-relation";
import addComment from "../actions/add-comment/add-comment";
import addGroupMember from "../actions/add-group-member/add-group-member";
import addItemToCart from "../actions/add-item-to-cart/add-item-to-cart";
import addWorkNote from "../actions/add-work-note/add-work-note";
import aggregateRecords from "../actions/aggregate-records/aggregate-records";
import approveRequest from "../actions/approve-request/approve-request";
import assignIncident from "../actions/assign-incident/assign-incident";
import bulkCreateRecords from "../actions/bulk-create-records/bulk-create-records";
import bulkDeleteRecords from "../actions/bulk-delete-records/bulk-delete-records";
import bulkUpdateRecords from "../actions/bulk-update-records/bulk-update-records";
import calculateChangeRisk from "../actions/calculate-change-risk/calculate-change-risk";
import cancelRequest from "../actions/cancel-request/cancel-request";
import checkAccess from "../actions/check-access/check-access";
import checkChangeConflicts from "../actions/check-change-conflicts/check-change-conflicts";
import checkConnection from "../actions/check-connection/check-connection";
import checkOrderStatus from "../actions/check-order-status/check-order-status";
import checkoutCart from "../actions/checkout-cart/checkout-cart";
import checkoutOrderGuide from "../actions/checkout-order-guide/checkout-order-guide";
import closeCase from "../actions/close-case/close-case";
import closeChange from "../actions/close-change/close-change";
import closeIncident from "../actions/close-incident/close-incident";
import completeTask from "../actions/complete-task/complete-task";
import copyAttachment from "../actions/copy-attachment/copy-attachment";
import copyRecord from "../actions/copy-record/copy-record";
import createArticle from "../actions/create-article/create-article";
import createCase from "../actions/create-case/create-case";
import createConfigurationItem from "../actions/create-configuration-item/create-configuration-item";
import createEmergencyChange from "../actions/create-emergency-change/create-emergency-change";
import createEvent from "../actions/create-event/create-event";
import createGroup from "../actions/create-group/create-group";
import createIncident from "../actions/create-incident/create-incident";
import createNormalChange from "../actions/create-normal-change/create-normal-change";
import createPlannedOutage from "../actions/create-planned-outage/create-planned-outage";
import createProblem from "../actions/create-problem/create-problem";
import createProblemTask from "../actions/create-problem-task/create-problem-task";
import createStandardChange from "../actions/create-standard-change/create-standard-change";
import createTableRecord from "../actions/create-table-record/create-table-record";
import createUser from "../actions/create-user/create-user";
import deactivateUser from "../actions/deactivate-user/deactivate-user";
import deleteAttachment from "../actions/delete-attachment/delete-attachment";
import deleteCartItem from "../actions/delete-cart-item/delete-cart-item";
import deleteTableRecord from "../actions/delete-table-record/delete-table-record";
import describeCiClass from "../actions/describe-ci-class/describe-ci-class";
import describeTable from "../actions/describe-table/describe-table";
import downloadAttachment from "../actions/download-attachment/download-attachment";
import emptyCart from "../actions/empty-cart/empty-cart";
import exportRecords from "../actions/export-records/export-records";
import findGroups from "../actions/find-groups/find-groups";
import findRecord from "../actions/find-record/find-record";
import findUsers from "../actions/find-users/find-users";
import getArticle from "../actions/get-article/get-article";
import getArticleAttachment from "../actions/get-article-attachment/get-article-attachment";
import getCatalogItemVariables from "../actions/get-catalog-item-variables/get-catalog-item-variables";
import getCatalogUiPolicies from "../actions/get-catalog-ui-policies/get-catalog-ui-policies";
import getChangeRelations from "../actions/get-change-relations/get-change-relations";
import getChangeStates from "../actions/get-change-states/get-change-states";
import getConfigurationItem from "../actions/get-configuration-item/get-configuration-item";
import getCurrentUser from "../actions/get-current-user/get-current-user";
import getImportResult from "../actions/get-import-result/get-import-result";
import getIncident from "../actions/get-incident/get-incident";
import getQuestionChoices from "../actions/get-question-choices/get-question-choices";
import getRecordByNumber from "../actions/get-record-by-number/get-record-by-number";
import getRecordCountsByField from "../actions/get-record-counts-by-field/get-record-counts-by-field";
import getRequestedItemVariables from "../actions/get-requested-item-variables/get-requested-item-variables";
import getRequestedItems from "../actions/get-requested-items/get-requested-items";
import getSessionTimeZone from "../actions/get-session-time-zone/get-session-time-zone";
import getTableRecordById from "../actions/get-table-record-by-id/get-table-record-by-id";
import getTableRecords from "../actions/get-table-records/get-table-records";
import getWishlist from "../actions/get-wishlist/get-wishlist";
import importRow from "../actions/import-row/import-row";
import importRows from "../actions/import-rows/import-rows";
import linkArticleToTask from "../actions/link-article-to-task/link-article-to-task";
import listAffectedCis from "../actions/list-affected-cis/list-affected-cis";
import listApprovals from "../actions/list-approvals/list-approvals";
import listAttachments from "../actions/list-attachments/list-attachments";
import listCaseActivities from "../actions/list-case-activities/list-case-activities";
import listCatalogCategories from "../actions/list-catalog-categories/list-catalog-categories";
import listChoices from "../actions/list-choices/list-choices";
import listGroupMembers from "../actions/list-group-members/list-group-members";
import listKnowledgeBases from "../actions/list-knowledge-bases/list-knowledge-bases";
import listMyIncidents from "../actions/list-my-incidents/list-my-incidents";
import listMyTasks from "../actions/list-my-tasks/list-my-tasks";
import listNotes from "../actions/list-notes/list-notes";
import listRecords from "../actions/list-records/list-records";
import listRelatedCis from "../actions/list-related-cis/list-related-cis";
import listTables from "../actions/list-tables/list-tables";
import listTaskSlas from "../actions/list-task-slas/list-task-slas";
import listUserRoles from "../actions/list-user-roles/list-user-roles";
import moveChange from "../actions/move-change/move-change";
import myNextShift from "../actions/my-next-shift/my-next-shift";
import orderCatalogItem from "../actions/order-catalog-item/order-catalog-item";
import publishArticle from "../actions/publish-article/publish-article";
import putIncidentOnHold from "../actions/put-incident-on-hold/put-incident-on-hold";
import rejectRequest from "../actions/reject-request/reject-request";
import removeCiRelation from "../actions/remove-ci-relation/remove-ci-relation";
import removeGroupMember from "../actions/remove-group-member/remove-group-member";
import reopenIncident from "../actions/reopen-incident/reopen-incident";
import resolveIncident from "../actions/resolve-incident/resolve-incident";
import retireArticle from "../actions/retire-article/retire-article";
import runGraphqlQuery from "../actions/run-graphql-query/run-graphql-query";
import searchCatalogItems from "../actions/search-catalog-items/search-catalog-items";
import searchConfigurationItems from "../actions/search-configuration-items/search-configuration-items";
import searchKnowledgeBase from "../actions/search-knowledge-base/search-knowledge-base";
import searchRecordsByKeyword from "../actions/search-records-by-keyword/search-records-by-keyword";
import sendApiRequest from "../actions/send-api-request/send-api-request";
import sendEmail from "../actions/send-email/send-email";
import submitCartOrder from "../actions/submit-cart-order/submit-cart-order";
import submitOrderGuide from "../actions/submit-order-guide/submit-order-guide";
import submitRecordProducer from "../actions/submit-record-producer/submit-record-producer";
import updateArticle from "../actions/update-article/update-article";
import updateCartItem from "../actions/update-cart-item/update-cart-item";
import updateCase from "../actions/update-case/update-case";
import updateConfigurationItem from "../actions/update-configuration-item/update-configuration-item";
import updateGroup from "../actions/update-group/update-group";
import updateIncident from "../actions/update-incident/update-incident";
import updateProblem from "../actions/update-problem/update-problem";
import updateRequestedItemVariables from "../actions/update-requested-item-variables/update-requested-item-variables";
import updateTableRecord from "../actions/update-table-record/update-table-record";
import updateTask from "../actions/update-task/update-task";
import updateUser from "../actions/update-user/update-user";
import uploadAttachment from "../actions/upload-attachment/upload-attachment";
import upsertRecord from "../actions/upsert-record/upsert-record";
import viewCart from "../actions/view-cart/view-cart";
import whoIsOnCall from "../actions/who-is-on-call/who-is-on-call";
import newApprovalDecisionSource from "../sources/new-approval-decision/new-approval-decision";
import newApprovalRequestSource from "../sources/new-approval-request/new-approval-request";
import newAssignmentSource from "../sources/new-assignment/new-assignment";
import newAttachmentSource from "../sources/new-attachment/new-attachment";
import newCaseSource from "../sources/new-case/new-case";
import newCatalogRequestSource from "../sources/new-catalog-request/new-catalog-request";
import newCatalogTaskSource from "../sources/new-catalog-task/new-catalog-task";
import newChangeRequestSource from "../sources/new-change-request/new-change-request";
import newCommentOrWorkNoteSource from "../sources/new-comment-or-work-note/new-comment-or-work-note";
import newConfigurationItemSource from "../sources/new-configuration-item/new-configuration-item";
import newCountThresholdSource from "../sources/new-count-threshold/new-count-threshold";
import newFieldChangeSource from "../sources/new-field-change/new-field-change";
import newIncidentSource from "../sources/new-incident/new-incident";
import newKnowledgeArticleSource from "../sources/new-knowledge-article/new-knowledge-article";
import newMatchingRecordSource from "../sources/new-matching-record/new-matching-record";
import newOrUpdatedRecordSource from "../sources/new-or-updated-record/new-or-updated-record";
import newProblemSource from "../sources/new-problem/new-problem";
import newQueryResultSource from "../sources/new-query-result/new-query-result";
import newRecordSource from "../sources/new-record/new-record";
import newRecordDeletionSource from "../sources/new-record-deletion/new-record-deletion";
import newRecordEventInstantSource from "../sources/new-record-event-instant/new-record-event-instant";
import newRequestedItemSource from "../sources/new-requested-item/new-requested-item";
import newSlaBreachSource from "../sources/new-sla-breach/new-sla-breach";
import newStateChangeSource from "../sources/new-state-change/new-state-change";
import newTaskSource from "../sources/new-task/new-task";
import newUserSource from "../sources/new-user/new-user";
import type { AnyComponent } from "./component";

/** The app that the components share. */
export const app = servicenow;

/** Every one of the actions, by key. */
export const actions: readonly AnyComponent[] = [
  addChangeTask,
  addCiRelation,
  addComment,
  addGroupMember,
  addItemToCart,
  addWorkNote,
  aggregateRecords,
  approveRequest,
  assignIncident,
  bulkCreateRecords,
  bulkDeleteRecords,
  bulkUpdateRecords,
  calculateChangeRisk,
  cancelRequest,
  checkAccess,
  checkChangeConflicts,
  checkConnection,
  checkOrderStatus,
  checkoutCart,
  checkoutOrderGuide,
  closeCase,
  closeChange,
  closeIncident,
  completeTask,
  copyAttachment,
  copyRecord,
  createArticle,
  createCase,
  createConfigurationItem,
  createEmergencyChange,
  createEvent,
  createGroup,
  createIncident,
  createNormalChange,
  createPlannedOutage,
  createProblem,
  createProblemTask,
  createStandardChange,
  createTableRecord,
  createUser,
  deactivateUser,
  deleteAttachment,
  deleteCartItem,
  deleteTableRecord,
  describeCiClass,
  describeTable,
  downloadAttachment,
  emptyCart,
  exportRecords,
  findGroups,
  findRecord,
  findUsers,
  getArticle,
  getArticleAttachment,
  getCatalogItemVariables,
  getCatalogUiPolicies,
  getChangeRelations,
  getChangeStates,
  getConfigurationItem,
  getCurrentUser,
  getImportResult,
  getIncident,
  getQuestionChoices,
  getRecordByNumber,
  getRecordCountsByField,
  getRequestedItemVariables,
  getRequestedItems,
  getSessionTimeZone,
  getTableRecordById,
  getTableRecords,
  getWishlist,
  importRow,
  importRows,
  linkArticleToTask,
  listAffectedCis,
  listApprovals,
  listAttachments,
  listCaseActivities,
  listCatalogCategories,
  listChoices,
  listGroupMembers,
  listKnowledgeBases,
  listMyIncidents,
  listMyTasks,
  listNotes,
  listRecords,
  listRelatedCis,
  listTables,
  listTaskSlas,
  listUserRoles,
  moveChange,
  myNextShift,
  orderCatalogItem,
  publishArticle,
  putIncidentOnHold,
  rejectRequest,
  removeCiRelation,
  removeGroupMember,
  reopenIncident,
  resolveIncident,
  retireArticle,
  runGraphqlQuery,
  searchCatalogItems,
  searchConfigurationItems,
  searchKnowledgeBase,
  searchRecordsByKeyword,
  sendApiRequest,
  sendEmail,
  submitCartOrder,
  submitOrderGuide,
  submitRecordProducer,
  updateArticle,
  updateCartItem,
  updateCase,
  updateConfigurationItem,
  updateGroup,
  updateIncident,
  updateProblem,
  updateRequestedItemVariables,
  updateTableRecord,
  updateTask,
  updateUser,
  uploadAttachment,
  upsertRecord,
  viewCart,
  whoIsOnCall,
];

/** Every one of the sources, by key. */
export const sources: readonly AnyComponent[] = [
  newApprovalDecisionSource,
  newApprovalRequestSource,
  newAssignmentSource,
  newAttachmentSource,
  newCaseSource,
  newCatalogRequestSource,
  newCatalogTaskSource,
  newChangeRequestSource,
  newCommentOrWorkNoteSource,
  newConfigurationItemSource,
  newCountThresholdSource,
  newFieldChangeSource,
  newIncidentSource,
  newKnowledgeArticleSource,
  newMatchingRecordSource,
  newOrUpdatedRecordSource,
  newProblemSource,
  newQueryResultSource,
  newRecordSource,
  newRecordDeletionSource,
  newRecordEventInstantSource,
  newRequestedItemSource,
  newSlaBreachSource,
  newStateChangeSource,
  newTaskSource,
  newUserSource,
];

/** All components. */
export const registry: readonly AnyComponent[] = [...actions, ...sources];
