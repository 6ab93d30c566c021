import type { OptionsRequest } from "../../../components";
import { cartLineOptions } from "../options/cart";
import type { WithClient } from "../with-client";
import { ACTIVE, recordsOf, type Definitions } from "./shared";

/** What orders are made of. */
export const catalogProps = {
  catalogSysId: {
    type: "string",
    label: "Catalog",
    description:
      "The `sys_id` of a catalog, such as `e0d08b13c3330100c8b837659bba8fb4`. All catalogs if empty.",
    optional: true,
    useQuery: true,
    options: recordsOf("sc_catalog", { where: ACTIVE }),
  },
  changeTemplate: {
    type: "string",
    label: "Template",
    description: "The template of a standard change: its exact name or its `sys_id`.",
    useQuery: true,
    options: recordsOf("std_change_record_producer"),
  },
  catalogItemSysId: {
    type: "string",
    label: "Catalog Item",
    description:
      "The catalog item: its `sys_id`, such as `04b7e94b4f7b42000086eeed18110c7f`, or its exact name. Items come from **Search Catalog Items**.",
    useQuery: true,
    options: recordsOf("sc_cat_item", { where: ACTIVE }),
  },
  guideSysId: {
    type: "string",
    label: "Order Guide",
    description:
      "The order guide: its `sys_id` or its exact name. Guides come from **Search Catalog Items**.",
    useQuery: true,
    options: recordsOf("sc_cat_item_guide", { where: ACTIVE }),
  },
  guideItems: {
    type: "string",
    label: "Items",
    description:
      'A JSON list of the items to order, such as `[{"sys_id": "1c741bd70b2322007518478d83673af3", "quantity": 1, "variables": {"memory": "16"}}]`. They come from **Submit Order Guide**.',
  },
  quantity: {
    type: "integer",
    label: "Quantity",
    description: "How many, from 1.",
    optional: true,
    default: 1,
    min: 1,
  },
  variables: {
    type: "object",
    label: "Variables",
    description:
      'Answers to the questions, by name, such as `{"memory": "16", "color": "red"}`. Names and valid answers come from **Get Catalog Item Variables**.',
    optional: true,
  },
  requestedFor: {
    type: "string",
    label: "Requested For",
    description:
      "The person it is for: user name, e-mail, full name or `sys_id`, such as `abel.tuter`. The connected account if empty.",
    optional: true,
    useQuery: true,
    options: recordsOf("sys_user", { where: ACTIVE }),
  },
  requestNumber: {
    type: "string",
    label: "Request Number",
    description: "The number of the request, such as `REQ0010001`.",
    optional: true,
  },
  cartItemId: {
    type: "string",
    label: "Cart Item",
    description: "The `cart_item_id` of the line in the cart, from **View Cart**.",
    async options(this: WithClient, { page }: OptionsRequest) {
      return page > 0 ? [] : cartLineOptions(this.client());
    },
  },
  articleFields: {
    type: "string[]",
    label: "Fields",
    description: "Further fields of the article to return, such as `short_description` or `sys_view_count`.",
    optional: true,
  },
  fileName: {
    type: "string",
    label: "File Name",
    description: "Name of the file, such as `report.pdf`. The name that the attachment has if empty.",
    optional: true,
  },
  className: {
    type: "string",
    label: "Class",
    description: "The class of configuration items, such as `cmdb_ci_linux_server`.",
  },
  attributes: {
    type: "object",
    label: "Attributes",
    description: 'The attributes and their values, such as `{"name": "web-01", "serial_number": "X1"}`.',
  },
  dataSource: {
    type: "string",
    label: "Data Source",
    description:
      "Where the data comes from, a choice of the instance's discovery sources. `ServiceNow` if empty.",
    optional: true,
  },
  relationType: {
    type: "string",
    label: "Relation Type",
    description: "The kind of relation: its exact name, such as `Depends on::Used by`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("cmdb_rel_type"),
  },
  stagingTable: {
    type: "string",
    label: "Staging Table",
    description: "The import set table, such as `imp_user`.",
  },
  startDate: {
    type: "string",
    label: "Planned Start",
    description: "When the work begins, such as `2026-07-30 14:05:00` (UTC).",
    optional: true,
  },
  endDate: {
    type: "string",
    label: "Planned End",
    description: "When the work ends, such as `2026-07-30 16:05:00` (UTC).",
    optional: true,
  },
} as const satisfies Definitions;
