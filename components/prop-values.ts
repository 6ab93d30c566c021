import type { AnyApp, AppInstance, AppMethodsOf } from "./app";
import type { PlainProp, PlainType, PlainValues, ServiceValues, TypedProp } from "./props";

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
