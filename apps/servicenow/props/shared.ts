import type { Condition } from "../../../common";
import type { OptionsRequest, PlainProp } from "../../../components";
import { choiceOptions } from "../options/choices";
import { recordOptions } from "../options/records";
import type { WithClient } from "../with-client";

/** Prop definitions, whose exact types decide what a component's `this` holds. */
export type Definitions = Record<string, PlainProp>;

/** Options that are records of a table: found by number, name or description, the value a sys_id unless told. */
export function recordsOf(table: string, settings: { where?: Condition[][]; value?: string } = {}) {
  return async function (this: WithClient, { query, page }: OptionsRequest) {
    return recordOptions(this.client(), table, { query, page, ...settings });
  };
}

/** Options that are the choices of a column, as the instance has them. */
export function choicesOf(table: string, column: string) {
  return async function (this: WithClient, { page }: OptionsRequest) {
    return page > 0 ? [] : choiceOptions(this.client(), table, column);
  };
}

/** Records that are in use. */
export const ACTIVE: Condition[][] = [[{ field: "active", operator: "=", value: "true" }]];
