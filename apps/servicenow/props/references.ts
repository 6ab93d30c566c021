import type { OptionsRequest } from "../../../components";
import { recordOptions } from "../options/records";
import type { WithClient } from "../with-client";
import { ACTIVE, recordsOf, type Definitions } from "./shared";
import { textOf } from "../../../common/table/cells";

/** Records that an action works on or refers to. Each takes a sys_id or what people call the record. */
export const references = {
  record: {
    type: "string",
    label: "Record",
    description:
      "The record: its number, such as `INC0010023`, or its `sys_id`. Numbers come from **Get Table Records**.",
    useQuery: true,
    async options(this: WithClient, { table, query, page }: OptionsRequest) {
      return recordOptions(this.client(), textOf(table), { query, page });
    },
  },
  incident: {
    type: "string",
    label: "Incident",
    description: "The incident: its number, such as `INC0010023`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("incident"),
  },
  problem: {
    type: "string",
    label: "Problem",
    description: "The problem: its number, such as `PRB0040001`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("problem"),
  },
  changeRequest: {
    type: "string",
    label: "Change Request",
    description: "The change request: its number, such as `CHG0030001`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("change_request"),
  },
  task: {
    type: "string",
    label: "Task",
    description:
      "The task of any kind (incident, problem, change, request item, task …): its number, such as `TASK0010023`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("task"),
  },
  case: {
    type: "string",
    label: "Case",
    description: "The customer service case: its number, such as `CS0001005`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("sn_customerservice_case"),
  },
  article: {
    type: "string",
    label: "Article",
    description: "The knowledge article: its number, such as `KB0010002`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("kb_knowledge"),
  },
  request: {
    type: "string",
    label: "Request",
    description: "The catalog request: its number, such as `REQ0010001`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("sc_request"),
  },
  requestedItem: {
    type: "string",
    label: "Requested Item",
    description: "The requested item: its number, such as `RITM0010001`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("sc_req_item"),
  },
  user: {
    type: "string",
    label: "User",
    description:
      "The person: user name, e-mail, full name or `sys_id`, such as `beth.anglin`. A name must fit exactly one person, or exactly one who is active.",
    useQuery: true,
    options: recordsOf("sys_user", { where: ACTIVE }),
  },
  group: {
    type: "string",
    label: "Group",
    description: "The group: its exact name, such as `Service Desk`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("sys_user_group", { where: ACTIVE }),
  },
  configurationItem: {
    type: "string",
    label: "Configuration Item",
    description: "The configuration item: its exact name, such as `web-01`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("cmdb_ci"),
  },
  knowledgeBase: {
    type: "string",
    label: "Knowledge Base",
    description: "The knowledge base: its exact title, such as `IT`, or its `sys_id`.",
    useQuery: true,
    options: recordsOf("kb_knowledge_base", { where: ACTIVE }),
  },
  approval: {
    type: "string",
    label: "Approval",
    description:
      "The `sys_id` of the approval, from **List Approvals**, or the number of the record that waits for the connected account, such as `CHG0030001`.",
  },
  forOthers: {
    type: "boolean",
    label: "Decide for Others",
    description:
      "Decide also when the approval waits for somebody else, for whom the account may decide: as a delegate or an administrator. Without it such an approval is refused.",
    optional: true,
  },
  attachment: {
    type: "string",
    label: "Attachment",
    description: "The `sys_id` of the attachment, from **List Attachments**.",
  },
} as const satisfies Definitions;
