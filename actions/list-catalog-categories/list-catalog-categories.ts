import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { isTrue, optionalSysId } from "../common/input";
import { catalog } from "../../common/apis/catalog/catalog";

export default defineAction({
  key: "servicenow-list-catalog-categories",
  name: "List Catalog Categories",
  description:
    "Returns the categories of a catalog, for **Search Catalog Items**. Every catalog is searched if none is given. Example: `topLevelOnly` = `true`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    catalogSysId: { propDefinition: [servicenow, "catalogSysId"] },
    topLevelOnly: {
      type: "boolean",
      label: "Top Level Only",
      description: "Leave out categories inside others.",
      optional: true,
    },
  },
  async run({ $ }) {
    const found = catalog(this.servicenow.client($));
    const id = optionalSysId(this.catalogSysId, "Catalog");
    const ids = id ? [id] : (await found.catalogs()).map(({ sys_id: id }) => id);
    const lists = await Promise.all(
      ids.map((id) => found.categories(id, { topLevelOnly: isTrue(this.topLevelOnly) })),
    );
    const categories = lists.flat();
    $.export(
      "$summary",
      `Retrieved ${categories.length} ${categories.length === 1 ? "category" : "categories"}`,
    );
    return categories;
  },
});
