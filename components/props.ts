import type { FilterHint } from "./filter";
import type { JsonValue, Option, OptionsFunction } from "./options";
import type {
  DataStore,
  Database,
  FileDirectory,
  HttpInterface,
  HttpRequestPropValue,
  TimerInterface,
} from "./services";

/** What the types of plain props hold at run time. */
export interface PlainValues {
  string: string;
  "string[]": string[];
  integer: number;
  "integer[]": number[];
  number: number;
  "number[]": number[];
  boolean: boolean;
  "boolean[]": boolean[];
  object: Record<string, unknown>;
  any: unknown;
}

/** What the types of platform props hold at run time. */
export interface ServiceValues {
  alert: undefined;
  data_store: DataStore;
  dir: FileDirectory;
  http_request: HttpRequestPropValue;
  sql: { query: string; params?: unknown[]; [key: string]: unknown };
  "$.interface.timer": TimerInterface;
  "$.interface.http": HttpInterface;
  "$.interface.apphook": Record<string, unknown>;
  "$.service.db": Database;
  "$.airtable.baseId": string;
  "$.airtable.tableId": string;
  "$.airtable.viewId": string;
  "$.airtable.fieldId": string;
  "$.discord.channel": string;
  "$.discord.channel[]": string[];
}

export type PlainType = keyof PlainValues;
export type PropType = PlainType | keyof ServiceValues | "app";

/** What every prop may carry. */
interface Common {
  label?: string;
  description?: string;
  optional?: boolean;
  hidden?: boolean;
  disabled?: boolean;
  readOnly?: boolean;
  /** Calls `additionalProps` when the value changes. */
  reloadProps?: boolean;
}

/** A prop that a person or an agent fills in. */
export interface PlainProp extends Common {
  type: PlainType;
  /** Choices, or a function that finds them: `this` is the app (in an app's definition) or the component. */
  options?: readonly Option[] | OptionsFunction;
  default?: JsonValue | readonly JsonValue[];
  static?: JsonValue;
  /** Calls `options` again while the user types, with `query`. */
  useQuery?: boolean;
  /** Hands `{label, value}` to the component instead of the value. */
  withLabel?: boolean;
  /** Encrypted at rest, masked on the page. */
  secret?: boolean;
  min?: number;
  max?: number;
  /** `file-ref`: a URL or a path below `/tmp`. */
  format?: "file-ref";
  /** The text is a filter, which a form may build from columns, operators and values. */
  filter?: FilterHint;
}

export interface TimerProp extends Common {
  type: "$.interface.timer";
  default?: TimerSchedule;
  /** A schedule that the user cannot change. */
  static?: TimerSchedule;
}
export type TimerSchedule = { intervalSeconds: number } | { cron: string; timezone?: string };

export interface HttpProp extends Common {
  type: "$.interface.http";
  /** True: the caller waits for `respond`. Absent: it is answered 200 at once. */
  customResponse?: boolean;
}

export interface AppHookProp extends Common {
  type: "$.interface.apphook";
  appProp: string;
  eventNames: readonly string[] | (() => string[] | Promise<string[]>);
  static?: readonly unknown[];
}

export interface AlertProp extends Common {
  type: "alert";
  alertType?: "info" | "neutral" | "warning" | "error";
  /** Markdown. */
  content: string;
}

export interface DirProp extends Common {
  type: "dir";
  accessMode?: "read" | "write" | "read-write";
  sync?: boolean;
}

export interface SqlProp extends Common {
  type: "sql";
  auth?: { app: string };
  default?: JsonValue;
}

/** `$.service.db`, `data_store`, `http_request` and the platform's own pickers. */
export interface ServiceProp extends Common {
  type: Exclude<
    keyof ServiceValues,
    "alert" | "dir" | "sql" | "$.interface.timer" | "$.interface.http" | "$.interface.apphook"
  >;
  appProp?: string;
  default?: JsonValue;
  [key: `${string}Prop`]: string | undefined;
}

/** An account of an app, written without its app file. */
export interface AppProp extends Common {
  type: "app";
  app: string;
}

/** A prop with a type of its own. */
export type TypedProp =
  PlainProp | TimerProp | HttpProp | AppHookProp | AlertProp | DirProp | SqlProp | ServiceProp | AppProp;
