import {
  createdOrUpdated,
  recordSource,
} from "servicenow-components/polling";
import common from "../common/base.mjs";
import sampleEmit from "./test-event.mjs";

const EVENTS = {
  both: [
    "created",
    "updated",
  ],
  created: [
    "created",
  ],
  updated: [
    "updated",
  ],
};

const records = recordSource(({
  table, changes,
}) => ({
  table,
  column: "sys_updated_on",
  ...createdOrUpdated(EVENTS[changes] || EVENTS.both),
}));

export default {
  ...common,
  key: "servicenow-new-or-updated-record",
  name: "New or Updated Record",
  description: "Emit new event when a record of a table is created or changed. Every version that is there to be read at a poll is emitted once, oldest first; versions overwritten between two polls are represented by the latest. The event has the record's fields and `change` (`created` or `updated`). [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    ...common.props,
    table: {
      propDefinition: [
        common.props.servicenow,
        "table",
      ],
    },
    changes: {
      type: "string",
      label: "Events",
      description: "Which events to emit.",
      optional: true,
      default: "both",
      options: [
        {
          label: "Created and updated",
          value: "both",
        },
        {
          label: "Updated only",
          value: "updated",
        },
        {
          label: "Created only",
          value: "created",
        },
      ],
    },
  },
  methods: {
    ...common.methods,
    getWatch() {
      return records;
    },
  },
  sampleEmit,
};
