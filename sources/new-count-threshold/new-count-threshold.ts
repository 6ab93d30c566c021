import servicenow from "../../apps/servicenow.app";
import { defineSource } from "../../components";
import { countThreshold, DIRECTIONS, MEASURES } from "../common/count-threshold";
import { query, timer } from "../common/props";
import sampleEmit from "./test-event";

export default defineSource({
  key: "servicenow-new-count-threshold",
  name: "New Count Threshold",
  description:
    "Emit new event when the number of records that meet a query, or a sum, average, minimum or maximum of a field, rises above a value or falls to it again. A hysteresis keeps a number that swings around the value from emitting each time. The instance computes it; no records are read. Example: more than 25 active incidents of priority 1. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_AggregateAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    query,
    threshold: {
      type: "integer",
      label: "Threshold",
      description: "Emit when the number rises above this value, or falls to it or below.",
    },
    direction: {
      type: "string",
      label: "Direction",
      description: "Which crossing to emit.",
      optional: true,
      default: "above",
      options: DIRECTIONS,
    },
    hysteresis: {
      type: "integer",
      label: "Hysteresis",
      description:
        "How far the number must fall below the threshold before it counts as below again. With a threshold of `25` and a hysteresis of `5` it is above from 26 on and below again at 20.",
      optional: true,
      default: 0,
      min: 0,
    },
    measure: {
      type: "string",
      label: "Measure",
      description: "What to compute over the records.",
      optional: true,
      default: "count",
      options: MEASURES,
    },
    measuredField: {
      type: "string",
      label: "Measured Field",
      description: "The numeric column for sum, average, minimum and maximum, such as `reassignment_count`.",
      optional: true,
    },
  },
  hooks: {
    async deploy() {
      await countThreshold(this).deploy();
    },
    async activate() {
      await countThreshold(this).activate();
    },
  },
  async run() {
    await countThreshold(this).run();
  },
  sampleEmit,
});
