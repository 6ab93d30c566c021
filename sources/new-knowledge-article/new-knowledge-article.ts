import servicenow from "../../apps/servicenow.app";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import { optionOf } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import { refersTo } from "../common/clauses";
import { isOneOf } from "../common/filter";
import { references } from "../common/pickers";
import { fieldsOn, format, leaveOutOwnChanges, queryOn, timer } from "../common/props";
import { recordSource } from "../common/record-source";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

interface Filters {
  moment?: string | undefined;
  knowledgeBase?: string[] | undefined;
  category?: string[] | undefined;
}

const MOMENTS = [
  { label: "Published", value: "published" },
  { label: "Created", value: "created" },
] as const;

const records = recordSource((source: SourceThis & CommonProps & Filters) => {
  const clauses = [
    ...refersTo("kb_knowledge_base", source.knowledgeBase, {
      table: "kb_knowledge_base",
      label: "Knowledge Base",
      name: "title",
    }),
    ...refersTo("kb_category", source.category, { table: "kb_category", label: "Category", name: "label" }),
  ];
  if (optionOf(source.moment, MOMENTS, "Emit When") === "created")
    return { table: "kb_knowledge", column: "sys_created_on", clauses };
  return {
    table: "kb_knowledge",
    column: "sys_updated_on",
    clauses: [...clauses, ...isOneOf("workflow_state", "published")],
    needs: ["published"],
    dedupe: { happened: "published" },
  };
});

export default defineSource({
  key: "servicenow-new-knowledge-article",
  name: "New Knowledge Article",
  description:
    "Emit new event when a knowledge article is published, once per version of the article, or when one is created, optionally only those of some knowledge bases or categories. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    moment: {
      type: "string",
      label: "Emit When",
      description:
        "Emit when an article is published, which is when people can read it, or already when it is created.",
      optional: true,
      default: "published",
      options: MOMENTS,
    },
    knowledgeBase: references("kb_knowledge_base", "Knowledge Base", "of one of these knowledge bases", {
      where: ACTIVE,
    }),
    category: references("kb_category", "Category", "of one of these categories"),
    query: queryOn("kb_knowledge"),
    fields: fieldsOn("kb_knowledge"),
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await records.deploy(this);
    },
    async activate() {
      await records.activate(this);
    },
  },
  async run() {
    await records.run(this);
  },
  sampleEmit,
});
