import servicenow from "../../apps/servicenow.app";
import { optionalText } from "../common/input";
import { defineAction } from "../../components";
import { resolveRecord } from "../common/resolve";
import { unknownFields } from "../common/lists";
import { recordOptions, TASK_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-get-record-by-number",
  name: "Get Record by Number",
  description:
    "Returns one record of any table by its number, such as `INC0010023`; without a table every kind of task is searched. A record of which the `sys_id` is known is read by **Get Table Record by ID**. Example: `number` = `CHG0030001`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    number: {
      type: "string",
      label: "Number",
      description: "The number of the record, such as `INC0010023`.",
    },
    table: {
      propDefinition: [servicenow, "table"],
      optional: true,
      description: "The table with that number, such as `kb_knowledge`. Every kind of task if empty.",
    },
    resultFields: { propDefinition: [servicenow, "resultFields", ({ table }) => ({ table })] },
    resultFormat: { propDefinition: [servicenow, "resultFormat"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const given = optionalText(this.table, "Table");
    const {
      sys_id: id,
      number,
      sys_class_name: found,
    } = await resolveRecord(client, given ?? "task", this.number, "Number", ["sys_class_name"]);
    const table = given ?? (found || "task");
    const record = await client.table(table).get(id, recordOptions(this, TASK_FIELDS));
    $.export(
      "$summary",
      `Retrieved ${number} from table ${table}${unknownFields([record], this.resultFields)}`,
    );
    return record;
  },
});
