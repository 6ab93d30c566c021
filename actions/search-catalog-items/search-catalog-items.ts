import servicenow from "../../apps/servicenow.app";
import { moreExist } from "../common/lists";
import { defineAction } from "../../components";
import { atMost, optionalOneOf, wholeNumber } from "../common/input";
import { count } from "../common/text";
import { searchItems } from "../common/catalog";

export default defineAction({
  key: "servicenow-search-catalog-items",
  name: "Search Catalog Items",
  description:
    "Returns items of the service catalog that the account may order, by words, catalog, category and type, reading further pages by itself. What an item asks for says **Get Catalog Item Variables**; order it with **Order Catalog Item**. Example: `query` = `laptop`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    query: {
      type: "string",
      label: "Query",
      description: "Words to look for, such as `laptop`.",
      optional: true,
    },
    catalogSysId: { propDefinition: [servicenow, "catalogSysId"] },
    categorySysId: {
      type: "string",
      label: "Category",
      description: "The `sys_id` of a category, from **List Catalog Categories**.",
      optional: true,
    },
    itemType: {
      type: "string",
      label: "Item Type",
      description: "Only items of this kind: `order_guide` or `record_producer`. Every kind if empty.",
      optional: true,
      options: [
        { label: "Order guide", value: "order_guide" },
        { label: "Record producer", value: "record_producer" },
      ],
    },
    limit: { propDefinition: [servicenow, "limit"] },
    offset: {
      type: "integer",
      label: "Offset",
      description: "How many items to skip, such as `20`.",
      optional: true,
      min: 0,
    },
  },
  async run({ $ }) {
    const { items, more } = await searchItems(this.servicenow.client($), {
      text: this.query,
      catalog: this.catalogSysId,
      category: this.categorySysId,
      type: optionalOneOf(this.itemType, ["order_guide", "record_producer"], "Item Type"),
      max: atMost(this.limit, 100, "Limit"),
      offset: wholeNumber(this.offset, 0, "Offset", { min: 0 }),
    });
    $.export("$summary", `Retrieved ${count(items.length, "catalog item")}${moreExist(more)}`);
    return items;
  },
});
