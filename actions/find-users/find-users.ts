import servicenow from "../../apps/servicenow.app";
import { moreExist } from "../common/lists";
import { defineAction } from "../../components";
import { atMost, fieldsOr, isTrue, oneOf, requiredText } from "../common/input";
import { count } from "../common/text";
import { allOf } from "../common/query";
import { USER_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-find-users",
  name: "Find Users",
  description:
    "Returns people by name (contains), or by exact e-mail, user name or employee number, with the columns that identify them; people who left come last. Use it to find a `sys_id` or user name for other actions. Example: `searchField` = `email`, `searchValue` = `beth.anglin@example.com`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.1.0",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    searchField: {
      type: "string",
      label: "Search Field",
      description: "`name` (contains), or `email`, `user_name` or `employee_number` (exactly).",
      optional: true,
      default: "name",
      options: ["name", "email", "user_name", "employee_number"],
    },
    searchValue: {
      type: "string",
      label: "Search Value",
      description: "What to look for, such as `Anglin`.",
    },
    limit: { propDefinition: [servicenow, "limit"] },
    activeOnly: {
      type: "boolean",
      label: "Active Only",
      description: "Leave out people who are not in use any more. They come last otherwise.",
      optional: true,
    },
    responseFields: {
      propDefinition: [servicenow, "responseFields", () => ({ table: "sys_user" })],
      description:
        "The fields to return, such as `number` or `caller_id.email`. Those that tell most if empty.",
    },
  },
  async run({ $ }) {
    const value = requiredText(this.searchValue, "Search Value", "Anglin");
    const field = oneOf(this.searchField, ["name", "email", "user_name", "employee_number"], "Search Field");
    const list = await this.servicenow
      .client($)
      .table("sys_user")
      .list({
        query: allOf([
          [field, field === "name" ? "LIKE" : "=", value],
          ["active", "=", isTrue(this.activeOnly) ? "true" : undefined],
        ]),
        fields: fieldsOr(this.responseFields, USER_FIELDS),
        referenceLinks: true,
        orderBy: ["-active", "name"],
        max: atMost(this.limit, 1000, "Limit"),
      });
    $.export(
      "$summary",
      `Found ${count(list.rows.length, "user")} matching "${value}"${moreExist(!list.complete)}`,
    );
    return list.rows;
  },
});
