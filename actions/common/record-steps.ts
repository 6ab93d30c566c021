import type { ServiceNow } from "../../common";
import { storedChoices } from "./choices";
import { furtherValues, recordValues, type RecordProps } from "./record-values";
import type { ResultProps } from "./results";
import { recordName } from "./text";
import { somethingToWrite } from "./given-values";
import { createRecord, writeRecord, type ResultRecord } from "./write";
import type { Warnings } from "./report";

interface Kind {
  table: string;
  /** What one record is called in the summary. */
  recordType: string;
  /** Its name in the summary, where the result does not show it. */
  name?: string;
  /** Fields of the default result. */
  summaryFields: readonly string[];
  /** Columns that the action fills itself. */
  values?: Record<string, unknown>;
}

type StepProps = RecordProps & ResultProps & { otherFields?: unknown; correlationId?: string | undefined };

/** What a step did: the record, and the line that says so. */
interface Done {
  record: ResultRecord;
  summary: string;
  warnings: Warnings;
}

async function valuesOf(client: ServiceNow, props: StepProps, kind: Kind): Promise<Record<string, unknown>> {
  const values = { ...kind.values, ...(await recordValues(client, props)), ...furtherValues(props) };
  return storedChoices(client, kind.table, values);
}

/** Creates a record from the props of an action: named props, JSON object and inputs for single columns. */
export async function createFromProps(client: ServiceNow, props: StepProps, kind: Kind): Promise<Done> {
  const { table, recordType, summaryFields } = kind;
  const values = await valuesOf(client, props, kind);
  const { record, existed, warnings } = await createRecord(
    client,
    { table, values, props, summaryFields },
    props.correlationId,
  );
  return {
    record,
    summary: `${existed ? `Found the ${recordType} created before` : `Created ${recordType}`} ${kind.name ?? recordName(record)}`,
    warnings,
  };
}

/** Changes a record from the props of an action. A new state must hold afterwards, or the step fails. */
export async function updateFromProps(
  client: ServiceNow,
  sysId: string,
  props: StepProps,
  kind: Kind,
): Promise<Done> {
  const { table, recordType, summaryFields } = kind;
  const values = somethingToWrite(await valuesOf(client, props, kind));
  const mustHold = "state" in values ? ["state"] : [];
  const { record, warnings } = await writeRecord(
    client,
    sysId,
    { table, values, props, summaryFields },
    mustHold,
  );
  return { record, summary: `Updated ${recordType} ${recordName(record, sysId)}`, warnings };
}
