import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, oneOf, wholeNumber } from "../common/input";
import { moreExist } from "../common/lists";
import { resolveReference } from "../common/resolve";
import { count } from "../common/text";
import { cmdb } from "../../common/apis/cmdb/cmdb";

export default defineAction({
  key: "servicenow-list-related-cis",
  name: "List Related CIs",
  description:
    "Walks the relations of a configuration item up (what depends on it), down (what it depends on) or both, several levels, and returns every item once with its distance and the relations it was found by. Example: `configurationItem` = `web-01`, `direction` = `up`, `levels` = `3`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    configurationItem: { propDefinition: [servicenow, "configurationItem"] },
    direction: {
      type: "string",
      label: "Direction",
      description: "`up` for items that have this one as child, `down` for its own children, or `both`.",
      optional: true,
      default: "both",
      options: ["up", "down", "both"],
    },
    levels: {
      type: "integer",
      label: "Levels",
      description: "How many relations to follow, from 1 to 10.",
      optional: true,
      default: 1,
      min: 1,
      max: 10,
    },
    maximum: { propDefinition: [servicenow, "maximum"] },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const direction = oneOf(this.direction, ["both", "up", "down"], "Direction");
    const levels = wholeNumber(this.levels, 1, "Levels", { max: 10 });
    const item = await resolveReference(
      client,
      "configurationItem",
      this.configurationItem,
      "Configuration Item",
    );
    const graph = await cmdb(client).graph(item, {
      direction: ({ up: "inbound", down: "outbound", both: "both" } as const)[direction],
      depth: levels,
      maxItems: atMost(this.maximum, 100),
    });
    const related = graph.items
      .filter(({ sys_id: id }) => id !== item)
      .map((one) => ({
        ...one,
        relations: graph.relations.filter(
          ({ parent, child }) => parent.sys_id === one.sys_id || child.sys_id === one.sys_id,
        ),
      }));
    $.export("$summary", `Found ${count(related.length, "related item")}${moreExist(!graph.complete)}`);
    return related;
  },
});
