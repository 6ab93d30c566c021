import type { App, AppDefinition } from "./app";
import type { Action, Source } from "./component";
import type { Props } from "./prop-values";
import type { PlainProp } from "./props";

/**
 * The three functions return what they are given. They exist for the types: `this`, `$` and events follow from `props`. The build takes
 * them away again, so that a built component is a plain `export default { … }`.
 *
 * In an app, `methods` stand before `propDefinitions`: the compiler reads in this order, and `this` of an `options` function has the methods.
 */
export function defineApp<Methods extends object, const Definitions extends Record<string, PlainProp>>(
  app: AppDefinition<Methods, Definitions>,
): App<Methods, Definitions> {
  return app;
}

/** An action: one step of a workflow, one tool of an agent. */
export function defineAction<const P extends Props, Methods extends object = object>(
  action: Action<P, Methods>,
): Action<P, Methods> {
  return action;
}

/** A source: emits events by a timer, an HTTP call or an app hook. */
export function defineSource<const P extends Props, Methods extends object = object>(
  source: Source<P, Methods>,
): Source<P, Methods> {
  return source;
}
