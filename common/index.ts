export { createClient } from "./create-client";
export { createTokenClient, type TokenClientOptions } from "./token-client";
export { ServiceNow, type CallOptions, type ClientOptions, type RequestOptions } from "./client";
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
export { readChanges, type ReadChangesOptions, type RecordChanges } from "./changes";
export { doctor, type Diagnosis, type DoctorOptions, type Finding } from "./doctor";
export { VERSION } from "./version";

export type { ApiKeyAuth, Auth, Authenticator, BasicAuth, TokenAuth } from "./auth";
export {
  authorizationRequest,
  jwtAssertion,
  type AuthorizationRequest,
  type JwtOptions,
} from "./auth/browser-sign-in";
export { ENVIRONMENT, optionsFromEnv, optionsFromJson, type ConnectionConfig } from "./auth/config";
export { fetchToken, refreshToken } from "./auth/fetch-token";
export { fileStore, type FileStoreOptions } from "./auth/file-store";
export type { Grant, OAuth } from "./auth/oauth-types";
export { memoryStore, type TokenStore } from "./auth/store";
export { readToken, tokenState, type Token, type TokenState } from "./auth/token";
export { windmillStore, type WindmillClient, type WindmillStoreOptions } from "./auth/windmill-store";
export type { Answer, LogEvent } from "./http/call";
export { axiosTransport } from "./http/axios-transport";
export { fetchTransport, type FetchLike } from "./http/fetch-transport";
export { platformTransport, type PlatformAxios } from "./http/platform-transport";
export { pageKind } from "./http/pages";
export type { RetryPolicy, Safety } from "./http/retry";
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
  checkQuery,
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
  type GuardOptions,
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
} from "./table/bulk";
export {
  assertCorrelationId,
  correlationKey,
  createOnce,
  type CorrelationKey,
  type CreatedOnce,
} from "./table/create-once";
export { exportTable } from "./table/export";
export { findOrMake, makeOnce } from "./table/make-once";
export { ownSysId } from "./table/own-sys-id";
export { copyable, copyRecord, findByNumber, NUMBER_PREFIXES, upsert } from "./table/helpers";
export type { AnyRow, Cell, DisplayValue, ListFacts, Page, Pair, Reference, ResultRow } from "./table/types";
export { sysIdOf, utc, valueOf, type WriteValue } from "./table/values";

export * from "./apis";
export * from "./schema";
