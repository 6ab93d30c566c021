import servicenow from "../../apps/servicenow.app";
import { optionOf } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { createdOrUpdated, type VersionKind } from "../common/created-or-updated";
import { fields, format, leaveOutOwnChanges, query, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

const EVENTS = [
  { label: "Created and updated", value: "both" },
  { label: "Updated only", value: "updated" },
  { label: "Created only", value: "created" },
] as const;

const eventsOf = (given: string | undefined): VersionKind[] => {
  const events = optionOf(given, EVENTS, "Events") ?? "both";
  return events === "both" ? ["created", "updated"] : [events];
};

const records = recordSource(
  (source: SourceThis & CommonProps & { table: string; changes?: string | undefined }) => ({
    table: source.table,
    column: "sys_updated_on",
    ...createdOrUpdated(eventsOf(source.changes)),
  }),
);

export default defineSource({
  key: "servicenow-new-or-updated-record",
  name: "New or Updated Record",
  description:
    "Emit new event when a record of a table is created or changed. Every version that is there to be read at a poll is emitted once, oldest first, also when thousands share a second or an access rule hides some; versions overwritten between two polls are represented by the latest. The event has the record's fields and `change` (`created` or `updated`). [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    changes: {
      type: "string",
      label: "Events",
      description: "Which events to emit. For creations alone, **New Record** is the exact source.",
      optional: true,
      default: "both",
      options: EVENTS,
    },
    query,
    fields,
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await records.deploy(this);
    },
    async activate() {
      await records.activate(this);
    },
  },
  async run() {
    await records.run(this);
  },
  sampleEmit,
});
