import type { RegisteredComponent } from "../execution/component-registry";

/** What an action does outside, as its annotations say. Without them it is taken for one that may destroy, as the protocol does. */
export interface Hints {
  readOnly: boolean;
  destructive: boolean;
  idempotent: boolean;
  openWorld: boolean;
}

export function hintsOf({ annotations }: Pick<RegisteredComponent, "annotations">): Hints {
  const readOnly = annotations?.readOnlyHint === true;
  return {
    readOnly,
    destructive: !readOnly && annotations?.destructiveHint !== false,
    idempotent: annotations?.idempotentHint === true,
    openWorld: annotations?.openWorldHint !== false,
  };
}

/** The prop that only says what would happen, where an action has one. */
export function dryRunProp({ props }: Pick<RegisteredComponent, "props">): string | undefined {
  return props.find(({ name, type }) => type === "boolean" && /^dry_?run$/i.test(name))?.name;
}

/** The argument by which a call of a destructive action says that somebody agreed. */
export function confirmationOf(component: RegisteredComponent): string | undefined {
  if (!hintsOf(component).destructive) return undefined;
  return component.props.some(({ name }) => name === "confirm") ? "confirm_run" : "confirm";
}
