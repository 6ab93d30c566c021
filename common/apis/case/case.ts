import type { ServiceNow } from "../../client";
import type { CallOptions, RequestOptions } from "../../http/requester";
import type { DisplayValue, Reference } from "../../table/types";
import { sysIdOf, toBody, type WriteValue } from "../../table/values";
import { common, path, resultOf } from "../../http/api-call";
import { textOf } from "../../table/cells";

/** A case with its account, contact and consumer as nested objects. */
export type Case = Record<string, unknown>;

const BASE = "/api/sn_customerservice/case";
const NEEDS = "the plugin Customer Service Management (com.sn_customerservice)";

/** `cases(client).get("CS0001005")` */
export function cases(client: ServiceNow): Cases {
  return new Cases(client);
}

/**
 * Customer service cases.
 * @see https://www.servicenow.com/docs/csh?topicname=case-api.html
 */
export class Cases {
  constructor(readonly client: ServiceNow) {}

  /**
   * Cases by encoded query, at most `max` of them.
   * @returns nested objects as the case API gives them, not rows of the table
   * @throws ServiceNowError `unknown-path` that names the plugin where it is missing
   */
  async list(
    options: CallOptions & {
      query?: string;
      fields?: readonly string[];
      displayValue?: DisplayValue;
      /** @default 100 */
      max?: number;
      offset?: number;
    } = {},
  ): Promise<Case[]> {
    const params = {
      ...options.params,
      sysparm_query: options.query,
      sysparm_fields: options.fields,
      sysparm_display_value: options.displayValue,
      sysparm_limit: options.max ?? 100,
      sysparm_offset: options.offset || undefined,
    };
    return this.#call({ path: BASE, params, operation: "list cases" }, options);
  }

  /** @param id sys_id or number (`CS0001005`) */
  async get(id: Reference, options: CallOptions = {}): Promise<Case> {
    const text = sysIdOf(id, "case");
    return this.#call({ path: path(BASE, text), operation: `read case ${text}` }, options);
  }

  /**
   * Opens a case. Not sent twice unless it surely did not arrive.
   * @param values columns of `sn_customerservice_case`; references by sys_id
   * @returns sys_id and number (`CS0001005`) of the new case
   */
  async create(
    values: Record<string, WriteValue>,
    options: CallOptions = {},
  ): Promise<{ sys_id: string; number: string }> {
    const call = { method: "POST", path: BASE, body: toBody(values), operation: "create a case" } as const;
    const raw = await this.#call<Record<string, unknown>>(call, options);
    return { sys_id: textOf(raw["sys_id"]), number: textOf(raw["number"]) };
  }

  /**
   * Changes the columns given (PUT, which leaves the others alone).
   * @param id sys_id or number
   * @returns the case after the change
   */
  async update(id: Reference, values: Record<string, WriteValue>, options: CallOptions = {}): Promise<Case> {
    const text = sysIdOf(id, "case");
    const call = {
      method: "PUT",
      path: path(BASE, text),
      body: toBody(values),
      operation: `update case ${text}`,
    } as const;
    return this.#call(call, options);
  }

  /** Comments, mails and field changes of a case, as its stream shows them. */
  async activities(id: Reference, options: CallOptions = {}): Promise<unknown> {
    const text = sysIdOf(id, "case");
    return this.#call(
      { path: path(BASE, text, "activities"), operation: `read activities of case ${text}` },
      options,
    );
  }

  /** Values that may be chosen for a field, of one case or in general. */
  async fieldValues(field: string, options: CallOptions & { case?: Reference } = {}): Promise<unknown> {
    const parts = options.case ? [sysIdOf(options.case), "field_values", field] : ["field_values", field];
    return this.#call({ path: path(BASE, ...parts), operation: `read values of ${field}` }, options);
  }

  async #call<T = unknown>(call: RequestOptions, options: CallOptions): Promise<T> {
    return resultOf<T>(this.client, { ...common(options), ...call, needs: NEEDS });
  }
}
