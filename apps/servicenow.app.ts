import { axios } from "@pipedream/platform";
import { createTokenClient, platformTransport, type ServiceNow } from "../common";
import { defineApp } from "../components";
import { connection } from "./servicenow/connection";
import { credentialsOf } from "./servicenow/credentials";
import { catalogProps } from "./servicenow/props/catalog";
import { fields } from "./servicenow/props/fields";
import { people } from "./servicenow/props/people";
import { references } from "./servicenow/props/references";
import { results } from "./servicenow/props/results";
import { tableApi } from "./servicenow/props/table-api";
import { textOf } from "../common/table/cells";

export default defineApp({
  type: "app",
  app: "servicenow",
  name: "ServiceNow",
  connection,
  methods: {
    /**
     * The ServiceNow client of the connected account. Requests go through the platform, under the step that is handed in.
     * @param $ the step (`$` of an action); without one the app stands in for it
     */
    client($?: unknown): ServiceNow {
      return createTokenClient({
        instance: textOf(this.$auth.instance_name),
        auth: credentialsOf(this.$auth),
        transport: platformTransport(axios, $ ?? this),
      });
    },
  },
  propDefinitions: { ...tableApi, ...references, ...fields, ...people, ...results, ...catalogProps },
});
