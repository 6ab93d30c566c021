import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { textList } from "../common/input";
import { count } from "../common/text";
import { checkConnection } from "../../common/connection-check/connection-check";

export default defineAction({
  key: "servicenow-check-connection",
  name: "Check Connection",
  description:
    'Checks the connected account: address, sign-in, roles, time zone, rights to tables, dictionary, choices and journal, and rate limits. Says what to ask the administrator for. Writes nothing. Rights to one table: **Check Access**. Example: `tables` = `["incident", "problem"]`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_RESTAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    tables: {
      type: "string[]",
      label: "Tables",
      description: "Tables the work is about, such as `incident`.",
      optional: true,
    },
  },
  async run({ $ }) {
    const tables = textList(this.tables);
    const diagnosis = await checkConnection(this.servicenow.client($), tables.length > 0 ? { tables } : {});
    const bad = diagnosis.findings.filter(({ status }) => status === "problem" || status === "warning");
    $.export(
      "$summary",
      diagnosis.healthy
        ? `The connection works${bad.length > 0 ? `, with ${count(bad.length, "limit")}` : ""}`
        : `The connection has ${count(bad.length, "problem")}`,
    );
    return diagnosis;
  },
});
