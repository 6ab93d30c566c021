import { createWithKey, type ServiceNow, type WriteOptions } from "../../common";
import { plainValue, wrongInput } from "./input";
import type { ResultProps } from "./results";
import { fieldText } from "./text";
import { answerFor, isStored, type ResultRecord, type Written } from "./write-result";

export type { ResultRecord, Written } from "./write-result";

/** Values without those that were not given: a text of blanks says nothing either. */
export function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) =>
        value !== undefined && value !== null && (typeof value !== "string" || value.trim() !== ""),
    ),
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
  summaryFields: readonly string[];
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

/** A correlation id as a text; empty when none was given. */
export const correlationText = (given: unknown): string => String(plainValue(given) ?? "").trim();

/** Creates a record with a small default result; see {@link createWith}. */
export async function createRecord(
  client: ServiceNow,
  { table, values, props, summaryFields }: Write,
  correlationId?: string,
): Promise<Created> {
  const { options, written } = answerFor(values, props, summaryFields);
  const { record, existed, warning } = await createWith(client, table, values, options, correlationId);
  const { record: shown, warning: unstored } = written(record);
  return { record: shown, existed, warning: `${existed ? "" : unstored}${warning}` };
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
  const id = correlationText(correlationId);
  if (!id) {
    const record = await client.table(table).create(values as never, options);
    return { record: record as ResultRecord, existed: false, warning: "" };
  }
  const made = await createWithKey(client, table, id, values as never, options as never);
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
export async function writeRecord(
  client: ServiceNow,
  sysId: string,
  { table, values, props, summaryFields }: Write,
  mustHold: readonly string[] = [],
): Promise<Written> {
  const { options, written } = answerFor(values, props, summaryFields);
  const record = (await client.table(table).update(sysId, values as never, options)) as ResultRecord;
  const stayed = mustHold.filter((field) => !isStored(field, String(values[field] ?? ""), record[field]));
  if (stayed.length > 0) {
    const facts = stayed.map((field) => `${field} is still "${fieldText(record[field])}"`);
    throw new Error(
      `The instance took the change and did not carry it out: ${facts.join(", ")}. A state model, a business rule or missing rights of the account stand against it.`,
    );
  }
  return written(record);
}
