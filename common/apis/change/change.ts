import type { ServiceNow } from "../../client";
import type { CallOptions, RequestOptions } from "../../http/requester";
import { usageError } from "../../errors";
import type { Reference } from "../../table/types";
import { sysIdOf, toBody, type WriteValue } from "../../table/values";
import { approvals, type Approval } from "../approval/approval";
import { notAllowed, toNextStates, type NextState, type RawNextStates } from "./states";
import { ignoredFields, toChangeRecord, type ChangeRecord } from "./values";
import { common, path, resultOf, sendDelete } from "../../http/api-call";

export type { NextState } from "./states";
export type { ChangeRecord } from "./values";

/** A change or task after a write, with what the instance did not take of it. */
export interface ChangeWrite extends ChangeRecord {
  /** Fields that the instance did not take, because they do not exist or are read-only. */
  ignored: string[];
}

/** Which changes, tasks, templates or models to list. */
export interface ListChanges extends CallOptions {
  /** Encoded query over the table that is listed. */
  query?: string;
  /** Words to look for. */
  text?: string;
  /** @default 500 */
  max?: number;
  /** Rows to pass over. Positions shift when records change meanwhile; for all rows use the table. */
  offset?: number;
}

const BASE = "/api/sn_chg_rest/change";
const NEEDS = "the plugin Change Management - REST API (com.snc.change_management.rest)";

/** `changes(client).nextStates(id)` */
export function changes(client: ServiceNow): Changes {
  return new Changes(client);
}

/**
 * Change management with its models, approvals, tasks and conflicts. Needs `sn_change_read` or `sn_change_write`, or itil.
 * @see https://www.servicenow.com/docs/csh?topicname=change-management-api.html
 */
export class Changes {
  constructor(readonly client: ServiceNow) {}

  /** Changes the account may read, at most `max`. The change API orders them; it takes no ORDERBY of yours reliably. */
  async list(options: ListChanges = {}): Promise<ChangeRecord[]> {
    return this.#many(BASE, "list changes", options);
  }

  /** @throws `not-found` */
  async get(change: Reference, options: CallOptions = {}): Promise<ChangeRecord> {
    const id = sysIdOf(change);
    return toChangeRecord(
      await this.#call({ path: path(BASE, id), operation: `read change ${id}` }, options),
    );
  }

  /**
   * Creates a change: `normal` and `emergency` by type, `standard` from a template, or by a change model. Not sent twice unless the first try surely
   * did not arrive.
   */
  async create(
    kind: { type: "normal" | "emergency" } | { type: "standard"; template: Reference } | { model: Reference },
    values: Record<string, WriteValue> = {},
    options: CallOptions = {},
  ): Promise<ChangeWrite> {
    const body = toBody(values);
    if ("model" in kind) {
      body["chg_model"] = sysIdOf(kind.model, "change model");
      return this.#write({ method: "POST", path: BASE, body, operation: "create a change" }, options);
    }
    const address =
      kind.type === "standard"
        ? path(BASE, "standard", sysIdOf(kind.template, "template"))
        : path(BASE, kind.type);
    return this.#write(
      { method: "POST", path: address, body, operation: `create a ${kind.type} change` },
      options,
    );
  }

  /** Changes fields; `ignored` names those the instance did not take. */
  async update(
    change: Reference,
    values: Record<string, WriteValue>,
    options: CallOptions = {},
  ): Promise<ChangeWrite> {
    const id = sysIdOf(change);
    const call = {
      method: "PATCH",
      path: path(BASE, id),
      body: toBody(values),
      operation: `update change ${id}`,
    } as const;
    return this.#write(call, options);
  }

  /** Deletes a change. @throws ServiceNowError `not-found`; `acl` where the account may not */
  async delete(change: Reference, options: CallOptions = {}): Promise<void> {
    const id = sysIdOf(change);
    await sendDelete(this.client, {
      ...common(options),
      path: path(BASE, id),
      operation: `delete change ${id}`,
    });
  }

  /** The states the change may take next, as its model allows them, with the conditions that do not hold yet. */
  async nextStates(change: Reference, options: CallOptions = {}): Promise<{ states: NextState[] }> {
    const id = sysIdOf(change);
    const raw = await this.#call<RawNextStates>(
      { path: path(BASE, id, "nextstates"), operation: `read the next states of change ${id}` },
      options,
    );
    return { states: toNextStates(raw) };
  }

  /**
   * Moves the change to a state (value or label), with other fields where the state demands them. When the model does not allow it, the error
   * lists the states it does allow.
   */
  async moveTo(
    change: Reference,
    state: string,
    values: Record<string, WriteValue> = {},
    options: CallOptions = {},
  ): Promise<ChangeWrite> {
    const { states } = await this.nextStates(change, common(options));
    const wanted = state.trim().toLowerCase();
    const target = states.find(
      ({ value, label }) => value === state.trim() || label.toLowerCase() === wanted,
    );
    const id = sysIdOf(change);
    if (!target || target.unmet.length > 0) throw notAllowed(id, state, states, target);
    const written = await this.update(change, { ...values, state: target.value }, options);
    // Some models answer 200 and leave the state as it was.
    const reached = written.values["state"];
    if (reached !== undefined && Number(reached) !== Number(target.value)) {
      throw notAllowed(id, state, states, target);
    }
    return written;
  }

  /** Approvals of the change, whoever they are waiting for. */
  async approvals(change: Reference, options: CallOptions = {}): Promise<Approval[]> {
    return (await approvals(this.client).list({ ...options, record: change })).rows;
  }

  /** Approves or rejects the change in the name of the account, which must be one of its approvers. */
  async decide(
    change: Reference,
    decision: "approved" | "rejected",
    options: CallOptions & { comments?: string } = {},
  ): Promise<void> {
    const id = sysIdOf(change);
    if (decision === "rejected" && !options.comments?.trim()) {
      throw usageError("A rejection needs a comment that says why", "Give comments");
    }
    const body = { state: decision, ...(options.comments ? { comments: options.comments } : {}) };
    await this.#call(
      {
        method: "PATCH",
        path: path(BASE, id, "approvals"),
        body,
        idempotency: "not-idempotent",
        operation: `decide on change ${id}`,
      },
      options,
    );
  }

  /** The change's tasks (`change_task`), at most `max`. */
  async tasks(change: Reference, options: ListChanges = {}): Promise<ChangeRecord[]> {
    const id = sysIdOf(change);
    return this.#many(path(BASE, id, "task"), `list tasks of change ${id}`, options);
  }

  /**
   * Makes a task of a change. Not sent twice unless it surely did not arrive.
   * @returns the task, and in `ignored` the columns that were not taken
   */
  async createTask(
    change: Reference,
    values: Record<string, WriteValue>,
    options: CallOptions = {},
  ): Promise<ChangeWrite> {
    const id = sysIdOf(change);
    const call = {
      method: "POST",
      path: path(BASE, id, "task"),
      operation: `create a task of change ${id}`,
    } as const;
    return this.#write({ ...call, body: toBody(values) }, options);
  }

  /**
   * Changes the columns given of a task (PATCH).
   * @returns the task, and in `ignored` the columns that were not taken
   * @throws ServiceNowError `not-found` when the task is not one of this change
   */
  async updateTask(
    change: Reference,
    task: Reference,
    values: Record<string, WriteValue>,
    options: CallOptions = {},
  ): Promise<ChangeWrite> {
    const address = path(BASE, sysIdOf(change), "task", sysIdOf(task));
    const call = {
      method: "PATCH",
      path: address,
      operation: `update change task ${sysIdOf(task)}`,
    } as const;
    return this.#write({ ...call, body: toBody(values) }, options);
  }

  /** Deletes a task of a change. @throws ServiceNowError `not-found` when it is not one of this change */
  async deleteTask(change: Reference, task: Reference, options: CallOptions = {}): Promise<void> {
    await sendDelete(this.client, {
      ...common(options),
      path: path(BASE, sysIdOf(change), "task", sysIdOf(task)),
      operation: `delete change task ${sysIdOf(task)}`,
    });
  }

  /** Published templates of standard changes. */
  async templates(options: ListChanges = {}): Promise<ChangeRecord[]> {
    return this.#many(`${BASE}/standard/template`, "list templates of standard changes", options);
  }

  /** Change models. */
  async models(options: ListChanges = {}): Promise<ChangeRecord[]> {
    return this.#many(`${BASE}/model`, "list change models", options);
  }

  /** What the last check for conflicts found; start one with {@link checkConflicts}. */
  async conflicts(change: Reference, options: CallOptions = {}): Promise<unknown> {
    const id = sysIdOf(change);
    return this.#call(
      { path: path(BASE, id, "conflict"), operation: `read conflicts of change ${id}` },
      options,
    );
  }

  /** Starts the check for conflicts; its result is there a while later. */
  async checkConflicts(change: Reference, options: CallOptions = {}): Promise<unknown> {
    const id = sysIdOf(change);
    const call = {
      method: "POST",
      path: path(BASE, id, "conflict"),
      startsJob: true,
      operation: `check change ${id} for conflicts`,
    } as const;
    return this.#call(call, options);
  }

  /** Free times for the change, without conflicts. */
  async schedule(change: Reference, options: CallOptions = {}): Promise<unknown> {
    const id = sysIdOf(change);
    return this.#call(
      { path: path(BASE, id, "schedule"), startsJob: true, operation: `read the schedule of change ${id}` },
      options,
    );
  }

  /** Configuration items of the change. */
  async items(
    change: Reference,
    kind: "affected" | "impacted" | "offering" = "affected",
    options: CallOptions = {},
  ): Promise<ChangeRecord[]> {
    const id = sysIdOf(change);
    const params = { ...options.params, association_type: kind };
    return this.#many(path(BASE, id, "ci"), `list configuration items of change ${id}`, {
      ...options,
      params,
    });
  }

  /** Ties configuration items to the change. The instance works it off by itself; see {@link worker}. */
  async addItems(
    change: Reference,
    items: readonly Reference[],
    kind: "affected" | "impacted" | "offering" = "affected",
    options: CallOptions = {},
  ): Promise<unknown> {
    const id = sysIdOf(change);
    const body = { cmdb_ci_sys_ids: items.map((item) => sysIdOf(item)), association_type: kind };
    const call = {
      method: "POST",
      path: path(BASE, id, "ci"),
      body,
      startsJob: true,
      operation: `add configuration items to ${id}`,
    } as const;
    return this.#call(call, options);
  }

  /** Has the risk of the change computed. */
  async computeRisk(change: Reference, options: CallOptions = {}): Promise<unknown> {
    const id = sysIdOf(change);
    const call = {
      method: "PATCH",
      path: path(BASE, id, "risk"),
      body: {},
      startsJob: true,
      operation: `compute the risk of ${id}`,
    } as const;
    return this.#call(call, options);
  }

  /** How far a job of the change API has come. */
  async worker(worker: Reference, options: CallOptions = {}): Promise<unknown> {
    const id = sysIdOf(worker);
    return this.#call({ path: path(BASE, "worker", id), operation: `read job ${id}` }, options);
  }

  async #call<T = unknown>(call: RequestOptions, options: CallOptions): Promise<T> {
    return resultOf<T>(this.client, { ...common(options), ...call, needs: NEEDS });
  }

  async #many(address: string, operation: string, options: ListChanges): Promise<ChangeRecord[]> {
    const params = {
      ...options.params,
      sysparm_query: options.query,
      textSearch: options.text,
      sysparm_limit: options.max,
      sysparm_offset: options.offset || undefined,
    };
    const rows = await this.#call<unknown>({ path: address, params, operation }, { ...options, params });
    return (Array.isArray(rows) ? rows : [rows]).map(toChangeRecord);
  }

  async #write(call: RequestOptions, options: CallOptions): Promise<ChangeWrite> {
    const raw = await this.#call(call, options);
    return { ...toChangeRecord(raw), ignored: ignoredFields(raw) };
  }
}
