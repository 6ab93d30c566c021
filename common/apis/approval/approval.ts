import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { ServiceNowError, usageError } from "../../errors";
import type { ListFacts, Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { common } from "../../http/api-call";
import { where, type Term } from "../../query/terms";
import { users } from "../user/user";

/** An approval: one person asked about one record. */
export interface Approval {
  /** sys_id of the approval (`sysapproval_approver`), not of the record. */
  sys_id: string;
  /** `requested`, `approved`, `rejected`, `not requested`, `cancelled`, `not_required` … */
  state: string;
  /** Who is asked. */
  approver: { sys_id: string; name: string };
  /** The record that is to be approved; its number as label. */
  record: { sys_id: string; table: string; label: string };
  /** What the approver wrote with the last decision; empty for none. */
  comments: string;
  /** `YYYY-MM-DD HH:MM:SS` in UTC; empty for none. */
  dueDate: string;
  /** When the person was asked, `YYYY-MM-DD HH:MM:SS` in UTC. */
  createdOn: string;
}

/** Which approvals to list; without any choice all the account may see. */
export interface ListApprovals extends CallOptions {
  /** Approvals of this record. */
  record?: Reference;
  /** Approvals that wait for this person; `me` for the account itself. */
  approver?: Reference;
  /** @default all */
  state?: string;
  /** @default 100 */
  max?: number;
}

const FIELDS = [
  "sys_id",
  "state",
  "approver",
  "sysapproval",
  "source_table",
  "document_id",
  "comments",
  "due_date",
  "sys_created_on",
] as const;

/** `approvals(client).decide(id, "approved")` */
export function approvals(client: ServiceNow): Approvals {
  return new Approvals(client);
}

/** Approvals of every kind of record (`sysapproval_approver`). */
export class Approvals {
  constructor(readonly client: ServiceNow) {}

  /** Newest first. */
  async list(options: ListApprovals = {}): Promise<ListFacts & { rows: Approval[] }> {
    const terms: (Term | Term[])[] = [];
    if (options.record !== undefined) {
      const id = sysIdOf(options.record);
      terms.push([
        ["sysapproval", "=", id],
        ["document_id", "=", id],
      ]);
    }
    if (options.approver !== undefined) terms.push(["approver", "=", await this.#person(options)]);
    if (options.state) terms.push(["state", "=", options.state]);
    const list = await this.client.table("sysapproval_approver").list({
      ...common(options),
      query: where(terms, [{ field: "sys_created_on", descending: true }]),
      fields: FIELDS,
      displayValue: "all",
      max: options.max ?? 100,
    });
    return { ...list, rows: list.rows.map(toApproval) };
  }

  /**
   * Approves or rejects. Only an approval that is still asked for can be decided; another account's approval only by those who may.
   * Never repeated blindly.
   *
   * @throws ServiceNowError `usage` for a rejection without a comment; `conflict` when it was decided already
   */
  async decide(
    approval: Reference,
    decision: "approved" | "rejected",
    options: CallOptions & { comments?: string } = {},
  ): Promise<Approval> {
    const comments = options.comments?.trim();
    if (decision === "rejected" && !comments) {
      throw usageError("A rejection needs a comment that says why", "Give comments");
    }
    const id = sysIdOf(approval);
    const table = this.client.table("sysapproval_approver");
    const shape = { ...common(options), fields: FIELDS, displayValue: "all" } as const;
    const before = toApproval(await table.get(id, shape));
    if (before.state === decision) return before;
    if (before.state !== "requested") throw decided(id, before.state);
    const values = { state: decision, ...(comments ? { comments } : {}) };
    const after = toApproval(await table.update(id, values, shape));
    if (after.state !== decision) throw decided(id, after.state);
    return after;
  }

  async #person(options: ListApprovals): Promise<string> {
    if (options.approver !== "me") return sysIdOf(options.approver as Reference, "approver");
    const me = await users(this.client).current(common(options));
    if (me) return me.sys_id;
    throw new ServiceNowError({
      kind: "acl",
      what: "The account's own user record cannot be read, so its approvals cannot be found",
      remedy: "Give the approver's sys_id, or ask the administrator for read access to sys_user",
    });
  }
}

type Cell = { value: string; display_value: string | null; link?: string } | undefined;

function toApproval(row: Record<(typeof FIELDS)[number], unknown>): Approval {
  const value = (name: (typeof FIELDS)[number]): string => (row[name] as Cell)?.value ?? "";
  const label = (name: (typeof FIELDS)[number]): string => (row[name] as Cell)?.display_value ?? "";
  const record = value("sysapproval") || value("document_id");
  return {
    sys_id: value("sys_id"),
    state: value("state"),
    approver: { sys_id: value("approver"), name: label("approver") },
    record: {
      sys_id: record,
      table: value("source_table"),
      label: label("sysapproval") || label("document_id"),
    },
    comments: label("comments"),
    dueDate: value("due_date"),
    createdOn: value("sys_created_on"),
  };
}

function decided(id: string, state: string): ServiceNowError {
  return new ServiceNowError({
    kind: "conflict",
    what: `Approval ${id} is "${state}" and cannot be decided`,
    reason: "It was decided by someone else, is no longer asked for, or the account may not decide it",
    remedy:
      "Look at the approval in ServiceNow; only its approver, a delegate or an approval administrator may decide",
  });
}
