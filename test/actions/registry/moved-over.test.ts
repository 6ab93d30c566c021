import { rm } from "node:fs/promises";
import { REGISTRY_KEYS } from "../../../scripts/docs/registry-keys";
import { useRegistry } from "../../helpers/registry-suite";
import type { Row } from "../../helpers/action-suite";
import { toRow } from "../../helpers/present";

/**
 * A workflow that moves over brings its saved values: the registry's props and nothing else, objects as their JSON text, choices with their labels,
 * lists as texts. What comes back has the shape that its later steps read.
 */
const { step, record, rows } = useRegistry();

const link = {
  link: expect.any(String) as unknown,
  value: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
};
const chosen = (value: unknown, label = "As shown") => ({ __lv: { label, value } });
const incident = () => record("incident", { short_description: "Moved" });
const first = async (table: string, query: string) => (await rows(table, query, 1))[0] ?? {};
const item = async (name: string) => (await first("sc_cat_item", `name=${name}`)).sys_id;
const text = expect.any(String) as unknown;
const published = () => first("kb_knowledge", "workflow_state=published");
const count = { stats: { count: text }, groupby_fields: [{ field: "state", value: text }] };

async function filledCart() {
  await step("add-item-to-cart", { catalogItemSysId: await item("Apple iPad 3") });
  const { result } = await step("view-cart");
  return /"cart_item_id":"([0-9a-f]{32})"/.exec(JSON.stringify(result))?.[1];
}
async function order() {
  return toRow((await step("order-catalog-item", { sysId: await item("Apple iPad 3"), quantity: 1 })).result);
}
const ordered = {
  request_number: expect.stringMatching(/^REQ/) as unknown,
  request_id: text,
  table: "sc_request",
};

type Moved = [values: () => Row | Promise<Row>, shape: unknown];
const MOVED: Record<string, Moved> = {
  "create-table-record": [
    () => ({
      table: chosen("incident", "Incident"),
      recordData: '{"short_description": "Moved", "urgency": "1"}',
    }),
    expect.objectContaining({ number: text, urgency: "1", opened_by: link }),
  ],
  "update-table-record": [
    async () => ({
      table: "incident",
      recordId: chosen((await incident()).sys_id),
      updateFields: '{"urgency": "1"}',
      replaceRecord: false,
      responseDataFormat: "all",
    }),
    expect.objectContaining({ urgency: { value: "1", display_value: "1 - High" } }),
  ],
  "delete-table-record": [
    async () => ({ table: "incident", recordId: (await incident()).sys_id }),
    { success: true, recordId: text, table: "incident" },
  ],
  "get-table-record-by-id": [
    async () => ({
      table: "incident",
      recordId: (await incident()).sys_id,
      responseFields: '["number", "opened_by"]',
    }),
    { number: text, opened_by: link },
  ],
  "get-table-records": [
    () => ({ table: "incident", query: "active=true", responseFields: ["number"], limit: "2" }),
    [{ number: text }, { number: text }],
  ],
  "search-records-by-keyword": [
    async () => ({ table: "incident", keyword: (await incident()).number, exactMatch: "true", limit: 10000 }),
    [expect.objectContaining({ number: text, opened_by: link })],
  ],
  "get-record-counts-by-field": [
    () => ({ table: "incident", groupByField: "state", count: true, sumFields: ["reassignment_count"] }),
    expect.arrayContaining([{ ...count, stats: { count: text, sum: { reassignment_count: text } } }]),
  ],
  "list-tables": [() => ({ limit: 2 }), [{ sys_id: text, name: text, label: text }, expect.any(Object)]],
  "get-current-user": [() => ({}), expect.objectContaining({ user_name: "admin", sys_id: text })],
  "find-users": [
    () => ({ searchField: chosen("name"), searchValue: "ITIL" }),
    expect.arrayContaining([expect.objectContaining({ sys_id: text, email: text, name: text })]),
  ],
  "get-incident": [
    async () => ({ incidentNumber: (await incident()).number }),
    [expect.objectContaining({ state: "1", opened_by: link })],
  ],
  "search-configuration-items": [
    () => ({ searchValue: "appl-003", limit: 5 }),
    [expect.objectContaining({ name: "appl-003", sys_class_name: text })],
  ],
  "search-catalog-items": [
    () => ({ query: "laptop", limit: 1 }),
    [
      expect.objectContaining({
        sys_id: text,
        name: text,
        short_description: text,
        category: expect.any(Object),
      }),
    ],
  ],
  "get-catalog-item-variables": [
    async () => ({ catalogItemSysId: await item("New Email Account") }),
    expect.arrayContaining([expect.objectContaining({ sys_id: text, name: "new_email", mandatory: true })]),
  ],
  "get-catalog-ui-policies": [
    async () => ({ catalogItemSysId: await item("Workplace Set Up"), limit: 100 }),
    expect.arrayContaining([expect.objectContaining({ ui_policy: text, mandatory: text, visible: text })]),
  ],
  "get-question-choices": [
    async () => ({ variableSysId: (await first("question_choice", "")).question }),
    expect.arrayContaining([expect.objectContaining({ text, value: text, question: link })]),
  ],
  "add-item-to-cart": [
    async () => ({ catalogItemSysId: await item("Apple iPad 3"), quantity: 1, variables: "{}" }),
    expect.objectContaining({ cart_id: text, items: expect.any(Array) }),
  ],
  "view-cart": [() => ({}), expect.objectContaining({ cart_id: text })],
  "delete-cart-item": [
    async () => ({ cartItemId: await filledCart() }),
    expect.objectContaining({ success: true, cartItemId: text }),
  ],
  "empty-cart": [() => ({}), expect.objectContaining({ success: true })],
  "checkout-cart": [async () => (await filledCart(), {}), expect.any(Object)],
  "submit-cart-order": [async () => (await filledCart(), {}), expect.objectContaining(ordered)],
  "order-catalog-item": [
    async () => ({ sysId: await item("Apple iPad 3"), quantity: 1, variables: "{}" }),
    expect.objectContaining(ordered),
  ],
  "submit-record-producer": [
    async () => ({ sysId: await item("Create Incident"), variables: '{"comments": "Moved"}' }),
    expect.objectContaining({ sys_id: text, number: text, table: "incident", redirect_url: text }),
  ],
  "submit-order-guide": [
    async () => ({ catalogItemSysId: await item("New Hire"), variables: '{"remote": "yes"}' }),
    expect.any(Object),
  ],
  "checkout-order-guide": [
    async () => ({
      catalogItemSysId: await item("New Hire"),
      items: JSON.stringify([{ sys_id: await item("Apple iPad 3"), quantity: 1, variables: {} }]),
    }),
    expect.any(Object),
  ],
  "check-order-status": [
    async () => ({ requestNumber: (await order()).request_number }),
    [expect.objectContaining({ number: text, request_state: text, requested_for: link })],
  ],
  "get-requested-items": [
    async () => ({ requestSysId: (await order()).request_id, limit: 10 }),
    [expect.objectContaining({ number: expect.stringMatching(/^RITM/), cat_item: link, request: link })],
  ],
  "search-knowledge-base": [
    () => ({ query: "VPN", limit: 1, fields: ["author"] }),
    [expect.objectContaining({ id: text, number: text, title: text, snippet: text, link: text })],
  ],
  "get-article": [
    async () => ({ articleId: (await published()).sys_id }),
    expect.objectContaining({ sys_id: text, number: text, short_description: text, content: text }),
  ],
  "get-article-attachment": [
    async () => {
      const { sys_id: articleSysId, number } = await published();
      const { result } = await step("upload-attachment", {
        table: "kb_knowledge",
        record: number,
        text: "x",
        fileName: "kit-moved.txt",
      });
      return { articleSysId, attachmentSysId: toRow(result).sys_id, fileName: "kit-moved.txt" };
    },
    expect.objectContaining({ filePath: "/tmp/kit-moved.txt" }),
  ],
  "list-knowledge-bases": [
    () => ({ activeOnly: "true", limit: 1 }),
    [expect.objectContaining({ sys_id: text, title: text, description: text })],
  ],
};
afterAll(() => rm("/tmp/kit-moved.txt", { force: true }));

describe("a workflow that moves over", () => {
  it.each(REGISTRY_KEYS.map((entry) => [entry.key, entry] as const))(
    "runs %s on the values it has saved",
    async (key, { props }) => {
      const [make, shape] = MOVED[key] as Moved;
      const values = await make();
      const known = props.split(" ").map((name) => name.replace("*", ""));
      expect(Object.keys(values).filter((name) => !known.includes(name))).toEqual([]);
      const { result, summary } = await step(key, values);
      expect(result).toEqual(shape);
      expect(summary).toEqual(expect.stringMatching(/.+/));
    },
  );
});
