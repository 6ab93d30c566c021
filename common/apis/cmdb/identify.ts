import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { usageError } from "../../errors";
import { toBody, type WriteValue } from "../../table/values";
import { common, resultOf } from "../../http/api-call";
import { textOf } from "../../table/cells";

/** An item for identification and reconciliation. */
export interface IdentifyItem {
  /** Class the item is thought to be of. */
  className: string;
  /** What is known of it, by column; enough of it to be identified (serial number, name …). What is null is not known. */
  values: Record<string, WriteValue>;
  /** Records of lookup tables that identify it, such as serial numbers. */
  lookup?: readonly Known[];
  /** Records that belong to it, such as addresses. */
  related?: readonly Known[];
}

/** A record and what is known of it. */
interface Known {
  className: string;
  values: Record<string, WriteValue>;
}

/** What identification made of one item. */
export interface IdentifyResult {
  /** Class of the item as it is kept. */
  className: string;
  /** sys_id of the item; empty when none was found or made. */
  sysId: string;
  /** `INSERT`, `UPDATE`, `NO_CHANGE`, `DELETE`, `INSERT_AS_INCOMPLETE` … */
  operation: string;
  /** Why the item could not be taken; empty when it was. */
  errors: string[];
  /** The instance's own words on it, with the attempts it made. */
  raw: Record<string, unknown>;
}

/**
 * Sends items and their relations through identification and reconciliation: known ones are updated, new ones made.
 *
 * @param options `dryRun` only asks what would happen
 * @returns one result an item, in the order given; errors of single items stand in their result
 * @see https://www.servicenow.com/docs/csh?topicname=c_IdentifyReconcileAPI.html
 */
export async function identifyReconcile(
  client: ServiceNow,
  input: {
    items: readonly IdentifyItem[];
    /** `parent` and `child` are places in `items`. */
    relations?: readonly { parent: number; child: number; type: string }[];
  },
  options: CallOptions & { source?: string; enhanced?: boolean; dryRun?: boolean } = {},
): Promise<IdentifyResult[]> {
  if (input.items.length === 0) throw usageError("There is no item to identify");
  for (const { parent, child } of input.relations ?? []) {
    if (!input.items[parent] || !input.items[child]) {
      throw usageError(
        `A relation points to item ${input.items[parent] ? child : parent}, and there is none`,
      );
    }
  }
  const mode = options.dryRun
    ? options.enhanced
      ? "/queryEnhanced"
      : "/query"
    : options.enhanced
      ? "/enhanced"
      : "";
  const raw = await resultOf<{ items?: Record<string, unknown>[] }>(client, {
    ...common(options),
    method: "POST",
    path: `/api/now/identifyreconcile${mode}`,
    params: { ...options.params, sysparm_data_source: options.source },
    body: {
      items: input.items.map((item) => ({
        ...withKnown(item),
        lookup: (item.lookup ?? []).map(withKnown),
        related: (item.related ?? []).map(withKnown),
      })),
      relations: input.relations ?? [],
    },
    ...(options.dryRun ? { idempotency: "idempotent" as const } : {}),
    operation: "identify configuration items",
    needs: "the CMDB",
  });
  return (raw.items ?? []).map((item, index) => {
    const errors: unknown = item["errors"];
    return {
      className: textOf(item["className"]) || (input.items[index]?.className ?? ""),
      sysId: textOf(item["sysId"]).replace(/^Unknown$/, ""),
      operation: textOf(item["operation"]),
      errors: (Array.isArray(errors) ? errors : []).map(
        (error: unknown) =>
          textOf(Reflect.get(Object(error), "message")) ||
          textOf(Reflect.get(Object(error), "error")) ||
          textOf(error),
      ),
      raw: item,
    };
  });
}

/** The record with its values as texts. A null would become a value like any other and make two items one. */
function withKnown<T extends Known>(item: T): T & { values: Record<string, string> } {
  const known = Object.entries(item.values).filter(([, value]) => value !== null);
  return { ...item, values: toBody(Object.fromEntries(known)) };
}
