import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { checked } from "../common/checks";
import { makeFilter } from "../common/filter";
import { Matching } from "../common/matching";
import { fields, filterOn, format, timer } from "../common/props";
import { requiredTable } from "../common/table";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const matchingOf = (source: SourceThis & CommonProps & { table: string }) => {
  const table = requiredTable(source.table);
  const filter = makeFilter(source.query);
  return checked(source, { table, filter }, new Matching(source, table, filter));
};

export default defineSource({
  key: "servicenow-new-matching-record",
  name: "New Matching Record",
  description:
    "Emit new event when a record comes to meet a query, whenever and however that happens: at its creation, by a change, by a change of a record it refers to, or by time going by. A record that leaves and comes back is a new event. At most 5,600 records may meet the query at a time. Example: `priority=1^active=true` on `incident`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    query: {
      type: "string",
      label: "Query",
      description:
        "The encoded query that records come to meet, such as `priority=1^active=true`. `^` joins conditions, `^OR` offers alternatives. In ServiceNow, right-click the filter of a list and choose *Copy query* to get one.",
      filter: filterOn(),
    },
    fields,
    format,
  },
  hooks: {
    async deploy() {
      await matchingOf(this).deploy();
    },
    async activate() {
      await matchingOf(this).activate();
    },
  },
  async run() {
    await matchingOf(this).run();
  },
  sampleEmit,
});
