import servicenow from "../../apps/servicenow.app";
import { moreRemark } from "../common/lists";
import { defineAction } from "../../components";
import { atMost, requiredText, wrongInput } from "../common/input";
import { count } from "../common/text";
import { allOf } from "../common/query";
import { USER_FIELDS } from "../common/results";

export default defineAction({
  key: "servicenow-find-users",
  name: "Find Users",
  description:
    "Returns people by name (contains), or by exact e-mail, user name or employee number, with the columns that identify them. Example: `searchField` = `email`, `searchValue` = `beth.anglin@example.com`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
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
    includeInactive: {
      type: "boolean",
      label: "Include Inactive",
      description: "Also people who left.",
      optional: true,
    },
  },
  async run({ $ }) {
    const value = requiredText(this.searchValue, "Search Value", "Anglin");
    const field = this.searchField ?? "name";
    if (!["name", "email", "user_name", "employee_number"].includes(field))
      throw wrongInput("Search Field must be name, email, user_name or employee_number.");
    const list = await this.servicenow
      .client($)
      .table("sys_user")
      .list({
        query: allOf([
          [field, field === "name" ? "LIKE" : "=", value],
          ["active", "=", this.includeInactive ? undefined : "true"],
        ]),
        fields: USER_FIELDS,
        orderBy: ["name"],
        max: atMost(this.limit, 100, "Limit"),
      });
    $.export(
      "$summary",
      `Found ${count(list.rows.length, "user")} matching "${value}"${moreRemark(!list.complete)}`,
    );
    return list.rows;
  },
});
