import { createWithKey, type ServiceNow, type WriteOptions } from "../../common";
import { plainValue } from "./input";
import { furtherValues } from "./record-values";
import { storedValues } from "./stored-values";
import type { Warnings } from "./report";
import type { ResultProps } from "./results";
import { answerFor, isStored, type ResultRecord, type Written } from "./write-result";
import { textOf } from "../../common/table/cells";

export type { ResultRecord, Written } from "./write-result";

interface Write {
  table: string;
  values: Record<string, unknown>;
  props: ResultProps;
  /** Columns that were given freely, to be held against the table; unless given, those of the JSON object and of the inputs for single columns. */
  free?: readonly string[];
  /** Fields of the default result. */
  summaryFields: readonly string[];
}

/** A creation, and what is to be said of it. */
export interface Created {
  record: ResultRecord;
  /** The record was there already. */
  existed: boolean;
  /** What went otherwise than asked; usually none. */
  warnings: Warnings;
}

/** What is said when a creation with a correlation id left nothing to be known by. */
export const NOT_REPEATABLE =
  "Do not repeat this step: the correlation id was not stored, so the record cannot be found by it.";

/** A correlation id as a text; empty when none was given. */
export const correlationText = (given: unknown): string => textOf(plainValue(given)).trim();

/** The values with those that were given freely as the instance stores them. */
async function valuesToStore(
  client: ServiceNow,
  { table, values, props, free }: Write,
  mayBeSubclass: boolean,
) {
  const names = (free ?? Object.keys(furtherValues(props))).filter((name) => name in values);
  return storedValues(client, table, values, names, { label: "Other Fields", mayBeSubclass });
}

/** Creates a record with a small default result; see {@link createWith}. */
export async function createRecord(
  client: ServiceNow,
  write: Write,
  correlationId?: string,
): Promise<Created> {
  const { table, props, summaryFields } = write;
  const values = await valuesToStore(client, write, false);
  const { options, written } = answerFor(values, props, summaryFields);
  const made = await createWith(client, table, values, options, correlationId);
  const { record, warnings } = written(made.record);
  return { record, existed: made.existed, warnings: [...(made.existed ? [] : warnings), ...made.warnings] };
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
    return { record: record, existed: false, warnings: [] };
  }
  const made = await createWithKey(client, table, id, values as never, options as never);
  return {
    record: made.record,
    existed: !made.created,
    warnings: made.repeatable ? [] : [NOT_REPEATABLE],
  };
}

/**
 * Changes a record and checks that the fields named in `mustHold` have the new value afterwards: business rules and state models refuse
 * some changes without an error. Throws an error that names what stayed as it was.
 */
export async function writeRecord(
  client: ServiceNow,
  sysId: string,
  write: Write,
  mustHold: readonly string[] = [],
): Promise<Written> {
  const { table, props, summaryFields } = write;
  const values = await valuesToStore(client, write, true);
  const { options, written } = answerFor(values, props, summaryFields);
  const record = (await client.table(table).update(sysId, values as never, options)) as ResultRecord;
  const stayed = mustHold.filter((field) => !isStored(field, textOf(values[field]), record[field]));
  if (stayed.length > 0) {
    const facts = stayed.map((field) => `${field} is still "${textOf(record[field])}"`);
    throw new Error(
      `The instance took the change and did not carry it out: ${facts.join(", ")}. A state model, a business rule or missing rights of the account stand against it.`,
    );
  }
  return written(record);
}
