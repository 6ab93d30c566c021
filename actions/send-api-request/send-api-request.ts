import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { sendRequest } from "../common/raw-request";

export default defineAction({
  key: "servicenow-send-api-request",
  name: "Send API Request",
  description:
    'Calls any REST API of the instance, scripted ones included, with the connected account, and returns status, selected headers and body: JSON parsed, other texts as text, files such as PDF in base64 (`encoding` says so). Use it where no other action fits. Example: `method` = `GET`, `path` = `/api/now/table/incident`, `params` = `{"sysparm_limit": "1"}`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_RESTAPI.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  props: {
    servicenow,
    method: {
      type: "string",
      label: "Method",
      description: "`GET`, `POST`, `PUT`, `PATCH` or `DELETE`.",
      optional: true,
      default: "GET",
      options: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    },
    path: {
      type: "string",
      label: "Path",
      description: "The path on the instance, such as `/api/now/table/incident`. Other hosts are refused.",
    },
    params: {
      type: "object",
      label: "Params",
      description: 'Parameters of the address, such as `{"sysparm_limit": "1"}`.',
      optional: true,
    },
    body: {
      type: "string",
      label: "Body",
      description: 'The body as JSON text, such as `{"short_description": "Cannot log in"}`.',
      optional: true,
    },
    headers: {
      type: "object",
      label: "Headers",
      description:
        'Further headers, such as `{"X-No-Response-Body": "true"}`. The sign-in is added by itself.',
      optional: true,
    },
  },
  async run({ $ }) {
    const { method, ...answer } = await sendRequest(this.servicenow.client($), this);
    $.export("$summary", `${method} ${answer.path} answered ${answer.status}`);
    return answer;
  },
});
