import { createOnce, type ServiceNow, type WriteOptions } from "../../common";
import { wrongInput } from "./input";
import type { ResultProps } from "./results";
import { resultOptions } from "./results";
import { fieldText, fieldValue } from "./text";

/** A record as it came back: plain texts, or pairs of value and label. */
export type ResultRecord = Record<string, unknown>;

/** Values without those that were not given. An empty text counts as given where the caller kept it. */
export function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );
}

/** Stops an update that would change nothing. */
export function somethingToWrite(values: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(values).length === 0)
    throw wrongInput("There is nothing to change: give at least one field.");
  return values;
}

interface Write {
  table: string;
  values: Record<string, unknown>;
  props: ResultProps;
  /** Fields of the default result. */
  telling: readonly string[];
}

/** A creation, and what is to be said of it. */
export interface Created {
  record: ResultRecord;
  /** The record was there already. */
  existed: boolean;
  /** What a summary has to add; usually empty. */
  warning: string;
}

/** What is said when a creation with a correlation id left nothing to be known by. */
export const NOT_REPEATABLE =
  "; do not repeat this step: what it made cannot be found again by the correlation id";

/** Creates a record with a small default result; see {@link createWith}. */
export async function createRecord(
  client: ServiceNow,
  { table, values, props, telling }: Write,
  correlationId?: string,
): Promise<Created> {
  return createWith(client, table, values, resultOptions(props, telling), correlationId);
}

/**
 * Creates a record. With a correlation id it looks first whether that id was used, and returns that record instead of making another;
 * a creation whose answer is lost is looked for before it is tried again.
 */
export async function createWith(
  client: ServiceNow,
  table: string,
  values: Record<string, unknown>,
  options: WriteOptions,
  correlationId?: string,
): Promise<Created> {
  if (!correlationId) {
    const record = await client.table(table).create(values as never, options);
    return { record: record as ResultRecord, existed: false, warning: "" };
  }
  const made = await createOnce(client, table, correlationId, values as never, options as never);
  return {
    record: made.record as ResultRecord,
    existed: !made.created,
    warning: made.repeatable ? "" : NOT_REPEATABLE,
  };
}

/**
 * Changes a record and checks that the fields named in `mustHold` have the new value afterwards: business rules and state models refuse
 * some changes without an error. Throws an error that names what stayed as it was.
 */
export async function updateRecord(
  client: ServiceNow,
  sysId: string,
  { table, values, props, telling }: Write,
  mustHold: readonly string[] = [],
): Promise<ResultRecord> {
  const options = resultOptions(props, telling);
  const record = (await client.table(table).update(sysId, values as never, {
    ...options,
    displayValue: mustHold.length > 0 ? "all" : options.displayValue,
    fields: [...new Set([...options.fields, ...mustHold])],
  })) as ResultRecord;
  if (mustHold.length === 0) return record;
  const stayed = mustHold.filter((field) => fieldValue(record[field]) !== String(values[field] ?? ""));
  if (stayed.length > 0) {
    const facts = stayed.map((field) => `${field} is still "${fieldText(record[field])}"`);
    throw new Error(
      `The instance took the change and did not carry it out: ${facts.join(", ")}. A state model, a business rule or missing rights of the account stand against it.`,
    );
  }
  return shaped(record, options.displayValue, options.fields);
}

/** A record read with both values and labels, in the form that was asked for. */
function shaped(record: ResultRecord, format: string, fields: readonly string[]): ResultRecord {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => fields.includes(name))
      .map(([name, field]) => [
        name,
        format === "all" ? field : format === "true" ? fieldText(field) : fieldValue(field),
      ]),
  );
}
