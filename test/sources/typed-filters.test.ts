import type { AnyComponent } from "../../components";
import newCase from "../../sources/new-case/new-case";
import newCatalogTask from "../../sources/new-catalog-task/new-catalog-task";
import newChangeRequest from "../../sources/new-change-request/new-change-request";
import newConfigurationItem from "../../sources/new-configuration-item/new-configuration-item";
import newKnowledgeArticle from "../../sources/new-knowledge-article/new-knowledge-article";
import newProblem from "../../sources/new-problem/new-problem";
import newRequestedItem from "../../sources/new-requested-item/new-requested-item";
import newUser from "../../sources/new-user/new-user";
import { catalogItems, requestFor } from "./catalog-orders";
import { useInstance } from "./platform";

const { writer, onPlatform } = useInstance();

type Values = Record<string, unknown>;
type Made = [table: string, values: Values];

const BY_NAME = { assignmentGroup: ["Service Desk"], assignedTo: ["Beth Anglin"] };
const assignment = async () => ({
  assignment_group: await writer.idOf("sys_user_group", "Service Desk"),
  assigned_to: await writer.idOf("sys_user", "Beth Anglin"),
});

/** Every filter of a type at once, by the names people know; a column that does not exist is refused at deployment. */
const everything: [
  name: string,
  source: AnyComponent,
  plan: () => Promise<{ filters: Values; made: Made }>,
][] = [
  [
    "New Problem",
    newProblem,
    async () => ({
      filters: { priority: ["1"], state: ["101"], category: ["network"], ...BY_NAME },
      made: ["problem", { impact: "1", urgency: "1", category: "network", ...(await assignment()) }],
    }),
  ],
  [
    "New Change Request",
    newChangeRequest,
    async () => ({
      filters: { changeType: ["normal"], risk: ["3"], state: ["-5"], ...BY_NAME },
      made: ["change_request", { type: "normal", risk: "3", ...(await assignment()) }],
    }),
  ],
  [
    "New Case",
    newCase,
    async () => ({
      filters: { state: ["1"], account: ["Boxeo"], contact: ["Amy Pascal"], ...BY_NAME },
      made: [
        "sn_customerservice_case",
        {
          account: await writer.idOf("customer_account", "Boxeo"),
          contact: await writer.idOf("customer_contact", "Amy Pascal"),
          ...(await assignment()),
        },
      ],
    }),
  ],
  [
    "New Requested Item",
    newRequestedItem,
    async () => {
      const [item] = await catalogItems(writer);
      return {
        filters: { catalogItem: [item.name], requestedFor: ["Abel Tuter"], ...BY_NAME },
        made: [
          "sc_req_item",
          { request: await requestFor(writer, "Abel Tuter"), cat_item: item.id, ...(await assignment()) },
        ],
      };
    },
  ],
  [
    "New Catalog Task",
    newCatalogTask,
    async () => {
      const [item] = await catalogItems(writer);
      const request = await requestFor(writer, "Abel Tuter");
      const { sys_id } = await writer.create("sc_req_item", { request, cat_item: item.id });
      return {
        filters: { catalogItem: [item.name], ...BY_NAME },
        made: ["sc_task", { request_item: sys_id, ...(await assignment()) }],
      };
    },
  ],
  [
    "New Configuration Item",
    newConfigurationItem,
    async () => ({
      filters: { operationalStatus: ["1"], supportGroup: ["Service Desk"] },
      made: [
        "cmdb_ci_linux_server",
        { operational_status: "1", support_group: await writer.idOf("sys_user_group", "Service Desk") },
      ],
    }),
  ],
  [
    "New User",
    newUser,
    async () => ({
      filters: { company: ["ACME Japan"], department: ["Sales", "IT"], activeOnly: true },
      made: [
        "sys_user",
        {
          user_name: "all.filters",
          company: await writer.idOf("core_company", "ACME Japan"),
          department: await writer.idOf("cmn_department", "IT"),
        },
      ],
    }),
  ],
  [
    "New Knowledge Article",
    newKnowledgeArticle,
    async () => ({
      filters: { moment: "created", knowledgeBase: ["IT"], category: ["Network"] },
      made: [
        "kb_knowledge",
        {
          kb_knowledge_base: await writer.idOf("kb_knowledge_base", "IT", "title"),
          kb_category: await writer.idOf("kb_category", "Network", "label"),
        },
      ],
    }),
  ],
];

test.each(everything)("%s: all filters together, by name", async (_name, component, prepare) => {
  const { filters, made } = await prepare();
  const source = await onPlatform(component, filters);
  await source.deploy();
  const [table, row] = made;
  await writer.create(table, {});
  const { sys_id } = await writer.create(table, row);
  expect((await source.poll()).map(({ id }) => id)).toEqual([sys_id]);
});
