export { aggregate, countRows } from "./aggregate/aggregate";
export { type AggregateOptions, type AggregateRow, type Having } from "../table/stats-types";
export { approvals, Approvals, type Approval, type ListApprovals } from "./approval/approval";
export {
  attachments,
  Attachments,
  type Attachment,
  type AttachmentTarget,
  type DownloadedFile,
  type DownloadOptions,
  type UploadFile,
  type UploadOptions,
} from "./attachment/attachment";
export { contentTypeOf, type FileContent } from "./attachment/content";
export { downloadToFile, uploadFile } from "./attachment/files";
export { deletions, fieldHistory, type Deletion, type FieldChange } from "./audit/audit";
export {
  batch,
  MAX_BATCH_ITEM_BYTES,
  type BatchOptions,
  type BatchRequest,
  type BatchResult,
} from "../http/batch/batch";
export { cases, Cases, type Case } from "./case/case";
export {
  catalog,
  Catalog,
  type Cart,
  type CartItem,
  type CatalogEntry,
  type CatalogItem,
  type Checkout,
  type OrderedRequest,
  type OrderOptions,
  type RequestedItem,
} from "./catalog/catalog";
export { type CatalogVariable, type VariableValue } from "./catalog/variables";
export { onCall, OnCallRotation, type ListHours, type OnCall, type ShiftHours } from "./on-call/on-call";
export { changes, Changes, type ChangeWrite, type ListChanges, type NextState } from "./change/change";
export { type ChangeRecord } from "./change/values";
export {
  cmdb,
  Cmdb,
  identifyReconcile,
  type CiEdge,
  type CiRelation,
  type ConfigurationItem,
  type IdentifyItem,
  type IdentifyResult,
  type NewRelation,
  type WriteCi,
} from "./cmdb/cmdb";
export { sendEmailWithKey, type SentWithKey } from "./email/send-with-key";
export { importRowWithKey, importRowsWithKey, type ImportedWithKey } from "./import-set/import-with-key";
export { emailState, sendEmail, type Email } from "./email/email";
export { sendEvents, type ManagementEvent } from "./event/event";
export { graphql } from "./graphql/graphql";
export {
  importResult,
  importRow,
  importRows,
  type ImportOptions,
  type ImportResult,
  type TransformResult,
} from "./import-set/import-set";
export {
  addToJournal,
  readJournal,
  type Journal,
  type JournalColumn,
  type JournalEntry,
  type ReadJournalOptions,
} from "./journal/journal";
export {
  knowledge,
  Knowledge,
  type Article,
  type ArticleHit,
  type ArticleList,
  type SearchKnowledge,
} from "./knowledge/knowledge";
export {
  readRequestVariables,
  updateRequestVariables,
  type RequestVariable,
  type RequestVariables,
} from "./catalog/request-variables";
export { groups, Groups, users, Users, type FindOptions, type Group, type User } from "./user/user";
export { stateModel, type State, type StateModel } from "./task/state-model";
