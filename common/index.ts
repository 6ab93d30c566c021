export { createClient } from "./create-client";
export { createTokenClient, type TokenClientOptions } from "./token-client";
export { ServiceNow, type ClientOptions } from "./client";
export { type CallOptions, type RequestOptions } from "./http/requester";
export {
  isServiceNowError,
  isSignInError,
  ServiceNowError,
  SignInError,
  usageError,
  type ErrorFacts,
  type ErrorKind,
} from "./errors";
export { isLoopback, parseInstance, type Instance } from "./instance";
export { readChanges, type ReadChangesOptions, type RecordChanges } from "./change-feed/read-changes";
export {
  checkConnection,
  type ConnectionCheck,
  type ConnectionCheckOptions,
  type Finding,
} from "./connection-check/connection-check";
export { VERSION } from "./version";

export type { NoAuth } from "./oauth/types";
export type { ApiKeyAuth, Auth, Authenticator, BasicAuth, TokenAuth } from "./oauth";
export {
  authorizationRequest,
  jwtAssertion,
  type AuthorizationRequest,
  type JwtOptions,
} from "./oauth/browser-sign-in";
export { ENVIRONMENT, optionsFromEnv, optionsFromJson, type ConnectionConfig } from "./connection-config";
export { fetchToken, refreshToken } from "./oauth/fetch-token";
export { fileStore, type FileStoreOptions } from "./oauth/file-store";
export type { Grant, OAuth } from "./oauth/oauth-types";
export { memoryStore, type TokenStore } from "./oauth/store";
export { readToken, tokenState, type RawToken, type Token, type TokenState } from "./oauth/token";
export { windmillStore, type WindmillClient, type WindmillStoreOptions } from "./oauth/windmill-store";
export type { Answer, LogEvent } from "./http/call-types";
export { axiosTransport } from "./http/axios-transport";
export { fetchTransport, type FetchLike } from "./http/fetch-transport";
export { platformTransport, type PlatformAxios } from "./http/platform-transport";
export { htmlPageKind } from "./http/html-page-kind";
export type { RetryPolicy, Idempotency } from "./http/retry";
export {
  TransportError,
  type HttpMethod,
  type RequestBody,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "./http/transport";
export type { Params } from "./http/url";

export {
  all,
  andEach,
  any,
  assertPlainValue,
  assertQuery,
  assertNarrowing,
  checkQuery,
  queryError,
  columnKind,
  columnsOf,
  DATE_RANGES,
  dayBounds,
  encoded,
  everything,
  formatDateTime,
  formatQuery,
  matching,
  nothing,
  parseDateTime,
  parseQuery,
  Query,
  script,
  where,
  whereFor,
  type BuilderOptions,
  type Clause,
  type Condition,
  type DateRange,
  type ColumnKind,
  type ColumnTypes,
  type GuardOptions,
  type QueryColumn,
  type MappingValue,
  type Operator,
  type Order,
  type ParsedQuery,
  type QueryProblem,
  type QueryInput,
  type QueryValue,
} from "./query";

export {
  Table,
  type CreateOptions,
  type List,
  type ListOptions,
  type PageOptions,
  type ReadOptions,
  type WriteOptions,
} from "./table/table";
export {
  bulkCreate,
  bulkDelete,
  bulkUpdate,
  type BulkCreateOptions,
  type BulkOptions,
  type BulkReport,
  type BulkResult,
} from "./records/bulk/bulk";
export {
  assertCorrelationId,
  correlationKey,
  createWithKey,
  type CorrelationKey,
  type CreatedWithKey,
} from "./records/create-with-key";
export { exportTable } from "./records/export";
export { findOrCreate, createIdempotently } from "./http/idempotent-create";
export { sysIdFromKey } from "./sys-id";
export { countForChange, type ChangeCount } from "./records/count-for-change";
export { copyable, copyRecord, findByNumber, NUMBER_PREFIXES, upsert } from "./records/helpers";
export type { AnyRow, Cell, DisplayValue, ListFacts, Page, Pair, Reference, ResultRow } from "./table/types";
export { sysIdOf, utc, valueOf, type WriteValue } from "./table/values";

export * from "./apis";
export * from "./schema";
