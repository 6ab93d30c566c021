import type { JsonValue, Option, OptionsFunction } from "./options";
import type { AnyApp, AppInstance, AppMethodsOf } from "./app";
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

/** The values configured so far, handed to the inputs of a prop definition. */
export type ConfiguredValues = Record<string, never> | Record<string, unknown>;
export type DefinitionInputs =
  | Record<string, unknown>
  // The values have the types of the sibling props, which cannot be known here; a caller narrows what it takes.
  | ((configured: Record<string, string>) => Record<string, unknown>);

/** A prop taken from an app's `propDefinitions`; what stands beside it overrides. */
export interface DerivedProp extends Partial<Omit<PlainProp, "type">> {
  type?: PlainType;
  propDefinition:
    readonly [app: AnyApp, name: string] | readonly [app: AnyApp, name: string, inputs: DefinitionInputs];
}

/** Everything that may stand in `props`. */
export type Prop =
  TypedProp | DerivedProp | AnyApp | "$.service.db" | "$.interface.http" | "$.interface.timer";
export type Props = Record<string, Prop>;

type Values = PlainValues & ServiceValues;
type Wrap<Definition, Value> = Definition extends { withLabel: true }
  ? Value extends readonly (infer Item)[]
    ? { label: string; value: Item }[]
    : { label: string; value: Value }
  : Value;
type Optional<Definition, Value> = Definition extends { optional: true } | { hidden: true }
  ? Value | undefined
  : Value;

/** An app's definition of a prop under what a component overrides. */
type Merge<Definition, Override> = Omit<Definition, keyof Override> & Override;
type DefinitionOf<Application, Name> = Application extends { propDefinitions?: infer Definitions }
  ? Name extends keyof NonNullable<Definitions>
    ? NonNullable<Definitions>[Name]
    : never
  : never;

/** The run-time value of a prop. */
export type PropValue<P> = P extends keyof ServiceValues
  ? ServiceValues[P]
  : P extends { propDefinition: readonly [infer Application, infer Name, ...unknown[]] }
    ? PropValue<Merge<DefinitionOf<Application, Name>, Omit<P, "propDefinition">>>
    : P extends { type: "app"; methods: unknown }
      ? AppInstance<AppMethodsOf<P>>
      : P extends { type: "app" }
        ? AppInstance<object>
        : P extends { type: infer Type extends keyof Values }
          ? Optional<P, Wrap<P, Values[Type]>>
          : unknown;

export type PropValues<P> = { -readonly [Key in keyof P]: PropValue<P[Key]> };

/** Refuses a prop definition that the app does not have. */
export type CheckedProps<P> = {
  [Key in keyof P]: P[Key] extends { propDefinition: readonly [infer Application, infer Name, ...unknown[]] }
    ? [DefinitionOf<Application, Name>] extends [never]
      ? { propDefinition: readonly ["no such prop definition in this app", never] }
      : P[Key]
    : P[Key];
};

/** The props that `additionalProps` gets: a copy that may be changed, with prop definitions resolved. */
export type MutableProps = Record<string, Record<string, unknown>>;
