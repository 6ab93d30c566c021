import type { AnyComponent } from "../../components";
import newCase from "../../sources/new-case/new-case";
import newCatalogRequest from "../../sources/new-catalog-request/new-catalog-request";
import newCatalogTask from "../../sources/new-catalog-task/new-catalog-task";
import newChangeRequest from "../../sources/new-change-request/new-change-request";
import newConfigurationItem from "../../sources/new-configuration-item/new-configuration-item";
import newKnowledgeArticle from "../../sources/new-knowledge-article/new-knowledge-article";
import newProblem from "../../sources/new-problem/new-problem";
import newRequestedItem from "../../sources/new-requested-item/new-requested-item";
import newUser from "../../sources/new-user/new-user";
import { catalogItems, requestFor } from "./catalog-orders";
import { numbered, useInstance } from "./platform";

const { writer, later, onPlatform } = useInstance();

type Values = Record<string, unknown>;
type Made = [table: string, values: Values];

interface Plan {
  /** The source's own filters. */
  filters: Values;
  /** Each is emitted. */
  matching: Made[];
  /** None is emitted: each fails one of the filters. */
  others: Made[];
  /** A column to ask for, with what is stored and what people see. */
  asked: [column: string, stored: string, shown: string];
  /** What the summary says of a matching record. */
  says: (row: Record<string, string>) => string;
}

const about = (text: string, values: Values = {}) => ({ short_description: text, ...values });

const plans: [name: string, source: AnyComponent, plan: () => Promise<Plan>][] = [
  [
    "New Problem: priority and group",
    newProblem,
    async () => {
      const group = await writer.idOf("sys_user_group", "Service Desk");
      const high = { impact: "1", urgency: "1" };
      return {
        filters: { priority: ["1"], assignmentGroup: ["Service Desk"] },
        matching: [["problem", about("Mail is lost", { ...high, assignment_group: group })]],
        others: [
          ["problem", about("No group", high)],
          ["problem", about("Low", { impact: "3", urgency: "3", assignment_group: group })],
        ],
        asked: ["priority", "1", "1 - Critical"],
        says: numbered,
      };
    },
  ],
  [
    "New Change Request: type and risk",
    newChangeRequest,
    async () => ({
      filters: { changeType: ["emergency", "standard"], risk: ["2"] },
      matching: [["change_request", about("New certificate", { type: "emergency", risk: "2" })]],
      others: [
        ["change_request", about("Normal", { type: "normal", risk: "2" })],
        ["change_request", about("Low risk", { type: "emergency", risk: "4" })],
      ],
      asked: ["risk", "2", "High"],
      says: numbered,
    }),
  ],
  [
    "New Case: priority and account",
    newCase,
    async () => {
      const account = await writer.idOf("customer_account", "Boxeo");
      const other = await writer.idOf("customer_account", "Acme Retail");
      return {
        filters: { priority: ["1", "2"], account: ["Boxeo"] },
        matching: [["sn_customerservice_case", about("Wrong invoice", { priority: "2", account })]],
        others: [
          ["sn_customerservice_case", about("Another's", { priority: "2", account: other })],
          ["sn_customerservice_case", about("Low", { priority: "4", account })],
        ],
        asked: ["account", account, "Boxeo"],
        says: numbered,
      };
    },
  ],
  [
    "New Catalog Request: for whom and request state",
    newCatalogRequest,
    async () => {
      const person = await writer.idOf("sys_user", "Abel Tuter");
      const other = await writer.idOf("sys_user", "Beth Anglin");
      return {
        filters: { requestedFor: [person], requestState: ["requested"] },
        matching: [["sc_request", { requested_for: person, request_state: "requested" }]],
        others: [
          ["sc_request", { requested_for: other, request_state: "requested" }],
          ["sc_request", { requested_for: person, request_state: "in_process" }],
        ],
        asked: ["requested_for", person, "Abel Tuter"],
        says: ({ number }) => `${number}`,
      };
    },
  ],
  [
    "New Requested Item: catalog item and for whom",
    newRequestedItem,
    async () => {
      const [mine, another] = [
        await requestFor(writer, "Abel Tuter"),
        await requestFor(writer, "Beth Anglin"),
      ];
      const [item, other] = await catalogItems(writer);
      return {
        filters: { catalogItem: [item.name], requestedFor: ["Abel Tuter"] },
        matching: [["sc_req_item", about("One of them", { request: mine, cat_item: item.id })]],
        others: [
          ["sc_req_item", about("Another item", { request: mine, cat_item: other.id })],
          ["sc_req_item", about("For another", { request: another, cat_item: item.id })],
        ],
        asked: ["cat_item", item.id, item.name],
        says: numbered,
      };
    },
  ],
  [
    "New Catalog Task: catalog item and person",
    newCatalogTask,
    async () => {
      const request = await requestFor(writer, "Abel Tuter");
      const [item, other] = await catalogItems(writer);
      const requested = async (cat_item: string) =>
        (await writer.create("sc_req_item", { request, cat_item })).sys_id;
      const [mine, another] = [await requested(item.id), await requested(other.id)];
      const assigned_to = await writer.idOf("sys_user", "Beth Anglin");
      return {
        filters: { catalogItem: [item.id], assignedTo: ["Beth Anglin"] },
        matching: [["sc_task", about("Unpack it", { request_item: mine, assigned_to })]],
        others: [
          ["sc_task", about("Another item", { request_item: another, assigned_to })],
          ["sc_task", about("Nobody's", { request_item: mine })],
        ],
        asked: ["assigned_to", assigned_to, "Beth Anglin"],
        says: numbered,
      };
    },
  ],
  [
    "New Configuration Item: a class with its subclasses, and operational status",
    newConfigurationItem,
    async () => ({
      filters: { ciClass: "cmdb_ci_server", operationalStatus: ["1"] },
      matching: [
        ["cmdb_ci_server", { name: "any-01", operational_status: "1" }],
        ["cmdb_ci_linux_server", { name: "linux-01", operational_status: "1" }],
      ],
      others: [
        ["cmdb_ci_netgear", { name: "switch-01", operational_status: "1" }],
        ["cmdb_ci_linux_server", { name: "linux-02", operational_status: "2" }],
      ],
      asked: ["operational_status", "1", "Operational"],
      says: ({ name }) => `${name}`,
    }),
  ],
  [
    "New User: department and active",
    newUser,
    async () => {
      const department = await writer.idOf("cmn_department", "Sales");
      const other = await writer.idOf("cmn_department", "IT");
      const user = (user_name: string, values: Values): Made => [
        "sys_user",
        { user_name, first_name: "Zoe", last_name: user_name, active: "true", ...values },
      ];
      return {
        filters: { department: ["Sales"], activeOnly: true },
        matching: [user("zoe.sales", { department })],
        others: [user("zoe.it", { department: other }), user("zoe.gone", { department, active: "false" })],
        asked: ["department", department, "Sales"],
        says: () => "Zoe zoe.sales (zoe.sales)",
      };
    },
  ],
  [
    "New Knowledge Article: created, in a knowledge base",
    newKnowledgeArticle,
    async () => {
      const base = await writer.idOf("kb_knowledge_base", "IT", "title");
      const other = await writer.idOf("kb_knowledge_base", "Known Error", "title");
      return {
        filters: { moment: "created", knowledgeBase: ["IT"] },
        matching: [["kb_knowledge", about("A draft", { kb_knowledge_base: base })]],
        others: [["kb_knowledge", about("Elsewhere", { kb_knowledge_base: other })]],
        asked: ["kb_knowledge_base", base, "IT"],
        says: numbered,
      };
    },
  ],
];

test.each(plans)("%s", async (_name, component, prepare) => {
  const { filters, matching, others, asked, says } = await prepare();
  const [column, stored, shown] = asked;
  const values = { ...filters, fields: [column] };
  const plain = await onPlatform(component, values);
  const display = await onPlatform(component, { ...values, format: "true" });
  await plain.deploy();
  await display.deploy();

  for (const [table, row] of others) await writer.create(table, row);
  const made = [];
  for (const [table, row] of matching) made.push(await writer.create(table, row));

  const events = await plain.poll();
  expect(events.map(({ id }) => id).sort()).toEqual(made.map(({ sys_id }) => sys_id).sort());
  expect(events.map(({ summary }) => summary).sort()).toEqual(made.map(says).sort());
  const kept = ["sys_created_on", "sys_id", "sys_mod_count", "sys_updated_on"];
  for (const { data } of events) {
    expect(Object.keys(data).sort()).toEqual([...kept, column].sort());
    expect(data[column]).toBe(stored);
  }
  const readable = await display.poll();
  expect(readable.map(({ data }) => data[column])).toEqual(matching.map(() => shown));

  // Neither at once nor when what was emitted is old enough to be behind the cursor.
  expect([...(await plain.poll()), ...(await display.poll())]).toEqual([]);
  await later(70);
  expect([...(await plain.poll()), ...(await display.poll())]).toEqual([]);
});
