import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText, textList } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { createRecord } from "../common/write";
import { recordName } from "../common/text";
import { copyableValues, tellingColumns } from "../common/columns";

export default defineAction({
  key: "servicenow-copy-record",
  name: "Copy Record",
  description:
    'Creates a record with the fields of another of the same table, some of them changed if wanted. Number, system fields, journal entries and the traces of the original\'s life (opened, resolved, closed, state) are not copied. Example: `table` = `change_request`, `record` = `CHG0030001`, `changes` = `{"short_description": "Second rollout"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    table: { propDefinition: [servicenow, "table"] },
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
    resultFields: { propDefinition: [servicenow, "resultFields"] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const table = requiredText(this.table, "Table", "incident");
    const original = await resolveRecord(client, table, this.record, "Record");
    const values = {
      ...(await copyableValues(client, table, original.sys_id, textList(this.fields))),
      ...optionalObject(this.changes, "Changes"),
    };
    const { record } = await createRecord(client, {
      table,
      values,
      props: this,
      telling: await tellingColumns(client, table),
    });
    $.export(
      "$summary",
      `Copied ${original.number || original.sys_id} to ${recordName(record)} in table ${table}`,
    );
    return record;
  },
});
