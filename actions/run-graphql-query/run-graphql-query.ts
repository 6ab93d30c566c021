import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalObject, requiredText } from "../common/input";
import { graphql } from "../../common/apis/graphql/graphql";

export default defineAction({
  key: "servicenow-run-graphql-query",
  name: "Run GraphQL Query",
  description:
    'Runs a GraphQL query against the instance and returns its data. For plain reading **List Records** is simpler. A mutation writes. Errors of GraphQL fail the step although their status is 200. Example: `query` = `{ GlideRecord_Query { incident(queryConditions: "active=true") { _results { number { value } } } } }`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=graphql-api.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  props: {
    servicenow,
    query: {
      type: "string",
      label: "Query",
      description:
        "The GraphQL query or mutation, such as `{ GlideRecord_Query { incident { _rowCount } } }`.",
    },
    variables: {
      type: "object",
      label: "Variables",
      description: 'Values of the query\'s variables, such as `{"id": "1c741bd70b2322007518478d83673af3"}`.',
      optional: true,
    },
  },
  async run({ $ }) {
    const data = await graphql(
      this.servicenow.client($),
      requiredText(this.query, "Query"),
      optionalObject(this.variables, "Variables"),
    );
    $.export("$summary", "Ran the GraphQL query");
    return data;
  },
});
