import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { fieldProps } from "../common/field-props";
import { furtherValues } from "../common/record-values";
import { requiredText, textList } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { createRecord } from "../common/write";
import { report } from "../common/report";
import { recordName } from "../common/text";
import { copyableValues, SUMMARY_FIELDS } from "../common/columns";

export default defineAction({
  key: "servicenow-copy-record",
  name: "Copy Record",
  description:
    'Creates a record with the fields of another of the same table, some of them changed if wanted. Number, system fields, journal entries and the traces of the original\'s life (opened, on hold, resolved, closed, state) are not copied, nor are passwords and what a person is known by (user name, e-mail). Example: `table` = `change_request`, `record` = `CHG0030001`, `changes` = `{"short_description": "Second rollout"}`. Further columns can be chosen as dynamic inputs; some clients cannot show those and use the JSON object. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"], reloadProps: true },
    record: { propDefinition: [servicenow, "record", ({ table }) => ({ table })] },
    fields: {
      type: "string[]",
      label: "Fields",
      description: "The fields to copy, such as `short_description`. All that can be copied if empty.",
      optional: true,
    },
    changes: {
      type: "object",
      label: "Changes",
      description: 'Fields that differ in the copy, such as `{"short_description": "Second rollout"}`.',
      optional: true,
    },
    fieldNames: { propDefinition: [servicenow, "fieldNames", ({ table }) => ({ table })] },
    correlationId: { propDefinition: [servicenow, "correlationId"] },
    resultFields: { propDefinition: [servicenow, "resultFields", ({ table }) => ({ table })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async additionalProps() {
    return fieldProps(this.servicenow, this.table, this.fieldNames);
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const given = requiredText(this.table, "Table", "incident");
    const { table, ...original } = await resolveRecord(client, given, this.record, "Record");
    const changes = furtherValues(this, this.changes, "Changes");
    const copied = await copyableValues(client, table, original.sys_id, textList(this.fields));
    const values = { ...copied, ...changes };
    const { record, existed, warnings } = await createRecord(
      client,
      {
        table,
        values,
        props: this,
        free: Object.keys(changes),
        summaryFields: SUMMARY_FIELDS,
      },
      this.correlationId,
    );
    const from = original.number || original.sys_id;
    report(
      $,
      existed
        ? `Found the copy made before, ${recordName(record)} in table ${table}`
        : `Copied ${from} to ${recordName(record)} in table ${table}`,
      warnings,
    );
    return record;
  },
});
