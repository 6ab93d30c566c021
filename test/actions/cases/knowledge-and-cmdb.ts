import addCiRelation from "../../../actions/add-ci-relation/add-ci-relation";
import createArticle from "../../../actions/create-article/create-article";
import createConfigurationItem from "../../../actions/create-configuration-item/create-configuration-item";
import describeCiClass from "../../../actions/describe-ci-class/describe-ci-class";
import getArticle from "../../../actions/get-article/get-article";
import getConfigurationItem from "../../../actions/get-configuration-item/get-configuration-item";
import listKnowledgeBases from "../../../actions/list-knowledge-bases/list-knowledge-bases";
import listRelatedCis from "../../../actions/list-related-cis/list-related-cis";
import publishArticle from "../../../actions/publish-article/publish-article";
import removeCiRelation from "../../../actions/remove-ci-relation/remove-ci-relation";
import retireArticle from "../../../actions/retire-article/retire-article";
import searchConfigurationItems from "../../../actions/search-configuration-items/search-configuration-items";
import searchKnowledgeBase from "../../../actions/search-knowledge-base/search-knowledge-base";
import updateArticle from "../../../actions/update-article/update-article";
import updateConfigurationItem from "../../../actions/update-configuration-item/update-configuration-item";
import type { ActionCase, Values, World } from "../../helpers/action-cases";

async function draft(world: World): Promise<object> {
  const { result } = await world.run(createArticle, {
    knowledgeBase: "IT",
    title: "Reset",
    text: "<p>Open</p>",
  });
  return { article: (result as { number: string }).number };
}
const noArticle = /no record with the number "KB9999999"/;
const noCi = /no configuration item has "no-such-ci"/;
const server = (name: string): Values => ({
  className: "cmdb_ci_linux_server",
  attributes: { name, serial_number: name },
});
const RELATION = { parent: "Email", relationType: "Runs on::Runs", child: "appl-003" };

export const cases: ActionCase[] = [
  {
    action: listKnowledgeBases,
    works: { limit: 1 },
    says: /^Found 1 knowledge base; there are more$/,
    fails: [
      [{ limit: 0 }, /max|limit/i],
      [{ limit: -1 }, /max|limit/i],
    ],
  },
  {
    action: searchKnowledgeBase,
    works: { query: "VPN" },
    says: /^Found \d+ knowledge articles? matching "VPN"$/,
    fails: [
      [{ query: " " }, /Query is missing/],
      [{ query: "VPN", knowledgeBaseIds: ["No Base"] }, /no knowledge base has "No Base"/],
    ],
  },
  {
    action: getArticle,
    works: async (world) => ({
      articleId: (await world.rows("kb_knowledge", "workflow_state=published"))[0]?.number,
      asText: true,
    }),
    says: /^Retrieved article KB\d+$/,
    fails: [
      [{ articleId: "../sys_user" }, /sys_id or a number such as KB0010002/],
      [{ articleId: "KB9999999" }, /article|record|found/i],
    ],
  },
  {
    action: createArticle,
    works: { knowledgeBase: "IT", title: "Reset your password", text: "<p>Open the portal</p>" },
    says: /^Created draft KB\d+$/,
    fails: [
      [{ knowledgeBase: "No Base", title: "x", text: "y" }, /no knowledge base has "No Base"/],
      [{ knowledgeBase: "IT", title: "", text: "y" }, /Title is missing/],
      [{ knowledgeBase: "IT", title: "x", text: " " }, /Text is missing/],
    ],
  },
  {
    action: updateArticle,
    works: async (world) => ({ ...(await draft(world)), title: "Reset your password" }),
    says: /^Updated article KB\d+$/,
    fails: [
      [draft as Values, /nothing to change/],
      [{ article: "KB9999999", title: "x" }, noArticle],
    ],
  },
  {
    action: publishArticle,
    works: draft as Values,
    says: /^Published article KB\d+$/,
    fails: [
      [{ article: "KB9999999" }, noArticle],
      [{ article: "" }, /Article is missing/],
    ],
  },
  {
    action: retireArticle,
    works: async (world) => {
      const article = await draft(world);
      await world.run(publishArticle, article as never);
      return article as never;
    },
    says: /^Retired article KB\d+$/,
    fails: [
      [{ article: "KB9999999" }, noArticle],
      [{ article: "KB1^active=true" }, /\^/],
    ],
  },
  {
    action: searchConfigurationItems,
    works: { searchValue: "linux server-000", sysClassName: "cmdb_ci_server" },
    says: /^Found 1 configuration item$/,
    fails: [
      [{}, /Give Search Value, Class or Assigned To/],
      [{ searchValue: "a^b" }, /\^/],
      [{ assignedTo: "nobody.here" }, /no user has "nobody.here"/],
    ],
  },
  {
    action: getConfigurationItem,
    works: { configurationItem: "appl-003" },
    says: /^Retrieved \w+ appl-003 with \d+ relations?$/,
    fails: [
      [{ configurationItem: "no-such-ci" }, noCi],
      [{ configurationItem: "" }, /Configuration Item is missing/],
    ],
  },
  {
    action: createConfigurationItem,
    works: server("case-web-01"),
    says: /^INSERT cmdb_ci_linux_server [0-9a-f]{32}$/,
    fails: [
      [{ className: "cmdb_ci_linux_server", attributes: {} }, /Attributes is empty/],
      [{ className: "", attributes: { name: "x" } }, /Class is missing/],
      [{ className: "no_such_class", attributes: { name: "x" } }, /no_such_class|refused|class/i],
    ],
  },
  {
    action: updateConfigurationItem,
    works: { configurationItem: "appl-003", attributes: { ip_address: "10.0.0.5" } },
    says: /^Updated \w+ appl-003$/,
    fails: [
      [{ configurationItem: "appl-003", attributes: {} }, /Attributes is empty/],
      [{ configurationItem: "no-such-ci", attributes: { name: "x" } }, noCi],
      [{ configurationItem: "appl-003", attributes: "name" }, /Attributes is not valid JSON/],
    ],
  },
  {
    action: addCiRelation,
    works: RELATION,
    says: /^Added the relation$/,
    fails: [
      [{ ...RELATION, child: "no-such-ci" }, /Child: no configuration item/],
      [{ ...RELATION, relationType: "No such type" }, /no relation type has "No such type"/],
    ],
  },
  {
    action: removeCiRelation,
    works: async (world) => {
      const { result } = await world.run(addCiRelation, RELATION);
      return { relation: (result as { sys_id: string }).sys_id };
    },
    says: /^Removed relation [0-9a-f]{32}$/,
    fails: [
      [{ relation: "Email" }, /Relation must be a sys_id/],
      [{ relation: "0".repeat(32) }, /no record|not found|exist/i],
    ],
  },
  {
    action: listRelatedCis,
    works: { configurationItem: "appl-003", direction: "up", levels: 2 },
    says: /^Found \d+ related items?$/,
    fails: [
      [{ configurationItem: "no-such-ci" }, noCi],
      [{ configurationItem: "appl-003", direction: "sideways" }, /Direction must be "both", "up" or "down"/],
      [{ configurationItem: "appl-003", levels: 99 }, /Levels must be a whole number from 1 to 10/],
    ],
  },
  {
    action: describeCiClass,
    works: { className: "cmdb_ci_linux_server" },
    says: /^Class cmdb_ci_linux_server has \d+ attributes$/,
    fails: [
      [{ className: "" }, /Class is missing/],
      [{ className: "no_such_class" }, /no_such_class|class/i],
    ],
  },
];
