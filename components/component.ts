import type { JsonValue } from "./options";
import type { CheckedProps, MutableProps, PropValues, Props } from "./prop-values";
import type { ActionStep, EmitMeta, HttpEvent, TimerEvent } from "./services";

/** `this` of an action: props by name, and the component's methods. It may be written on. */
export type ActionInstance<P, Methods> = PropValues<P> & Methods;

/** What `additionalProps` may return: more props, or nothing when it changed the copy it was given. */
export type AdditionalProps = Props | Record<string, Record<string, unknown>> | undefined | void;

export interface Annotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  openWorldHint: boolean;
  idempotentHint?: boolean;
  title?: string;
}

interface Component<P extends Props, Methods, Instance> {
  /** `<app slug>-<folder name>`. */
  key: string;
  name: string;
  description: string;
  version: string;
  props: P & CheckedProps<P> & ThisType<PropValues<P>>;
  methods?: Methods & ThisType<Instance>;
}

export interface Action<P extends Props, Methods> extends Component<P, Methods, ActionInstance<P, Methods>> {
  type: "action";
  annotations: Annotations;
  /** `optimized` where the description was written for agents. */
  ai?: string;
  additionalProps?(
    this: ActionInstance<P, Methods>,
    previous: MutableProps,
  ): AdditionalProps | Promise<AdditionalProps>;
  run(
    this: ActionInstance<P, Methods>,
    options: { $: ActionStep; steps?: Record<string, unknown>; event?: unknown },
  ): unknown;
}

/** `this` of a source. */
export type SourceInstance<P, Methods> = PropValues<P> &
  Methods & {
    /** Hands an event on; synchronous, copied as JSON at the moment of the call. */
    $emit(event: object | JsonValue, meta?: EmitMeta): void;
  };

type Interfaces<P> = { [Key in keyof P]: P[Key] extends { type: infer Type } ? Type : P[Key] }[keyof P];

/** What `run` of a source is called with, by the interfaces among its props. */
export type SourceEvent<P> =
  | ("$.interface.timer" extends Interfaces<P> ? TimerEvent : never)
  | ("$.interface.http" extends Interfaces<P> ? HttpEvent : never)
  | ("$.interface.apphook" extends Interfaces<P> ? Record<string, unknown> : never);

export interface Source<P extends Props, Methods> extends Component<P, Methods, SourceInstance<P, Methods>> {
  type: "source";
  dedupe?: "unique" | "greatest" | "last";
  /** A static sample event, for configuring a workflow before the first real one. */
  sampleEmit?: object | JsonValue;
  hooks?: {
    /** Once, at the first deployment: the place to emit a bounded first batch. */
    deploy?(): void | Promise<void>;
    /** At deployment and after every change of props. */
    activate?(): void | Promise<void>;
    /** Before a change, a pause and a deletion. */
    deactivate?(): void | Promise<void>;
  } & ThisType<SourceInstance<P, Methods>>;
  additionalProps?(
    this: SourceInstance<P, Methods>,
    previous: MutableProps,
  ): AdditionalProps | Promise<AdditionalProps>;
  run(this: SourceInstance<P, Methods>, event: SourceEvent<P>): void | Promise<void>;
}

/** Any component, as the component registry lists it and a host reads it. */
export interface AnyComponent {
  key: string;
  name: string;
  description: string;
  version: string;
  type: "action" | "source";
  /** Each is a `Prop`; its exact type is the component's own. */
  props: object;
  methods?: object;
  annotations?: Annotations;
  ai?: string;
  dedupe?: string;
  sampleEmit?: unknown;
  hooks?: object;
  additionalProps?: unknown;
  run: unknown;
}
