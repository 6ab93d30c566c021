import type { CallOptions } from "../../http/requester";
import type { ServiceNowError } from "../../errors";

/** How many records go into one request, and whether anything is changed at all. */
export interface BulkOptions extends CallOptions {
  /** Records in one request; a batch has 30 seconds on the instance. @default 60 */
  chunk?: number;
  /** Bytes in one request. @default 4 MB */
  maxBytes?: number;
  /** Columns to give back of each created or changed record, as the instance stored them; none unless told. */
  answerFields?: readonly string[];
  /** Check the input, and what there is to change, and change nothing. */
  dryRun?: boolean;
}

/** The same for creations. */
export interface BulkCreateOptions extends BulkOptions {
  /**
   * Column with a value of each record's own (`correlation_id`). Records whose value is there already are left as they are,
   * so the same input may be sent again; a batch whose answer was lost is looked up and finished.
   */
  correlation?: string;
}

/** What became of one record; results stand in the order of the input. */
export interface BulkResult {
  /** Place in the input, from 0. */
  index: number;
  /** `existed`: there was a record with its correlation value; `unknown`: the answer was lost and it may have been carried out. */
  outcome: "done" | "existed" | "failed" | "unknown" | "would be done";
  /** sys_id of the record, where it is known. */
  sysId?: string;
  /** Number of the record, where the table has numbers. */
  number?: string;
  /** The columns that were asked for, each with its value and what people see of it; absent where nothing was written. */
  record?: Record<string, unknown>;
  /** Why it failed; for `unknown`, why it is not known whether it was carried out. */
  error?: ServiceNowError;
}

/** What became of all records. */
export interface BulkReport {
  /** One a record, in the order of the input. */
  results: BulkResult[];
  /** Records that were created, changed or deleted. */
  done: number;
  /** Records that were there already. */
  existed: number;
  /** Records with the outcome `failed` or `unknown`. */
  failed: number;
  /** HTTP requests made for the changes. */
  requests: number;
}
