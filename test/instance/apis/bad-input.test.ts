import fc from "fast-check";
import { duringTests } from "../../helpers/instance";
import { serve } from "./served";
import { present } from "../../helpers/present";

const instance = duringTests(serve);

const catalog = "/api/sn_sc/servicecatalog";
const change = "/api/sn_chg_rest/change";
const ci = "/api/now/cmdb/instance";

/** Every call of facts 5.4 to 5.11 that takes something from the caller; `*` is anything, `#` an id that exists. */
const calls: [method: string, path: string, id?: string][] = [
  ["POST", "/api/now/import/imp_user"],
  ["POST", "/api/now/import/imp_incident"],
  ["POST", "/api/now/import/*"],
  ["GET", "/api/now/import/imp_user/*"],
  ["POST", "/api/now/import/imp_user/insertMultiple"],
  ["GET", `${catalog}/catalogs/*`],
  ["GET", `${catalog}/catalogs/*/categories`],
  ["GET", `${catalog}/categories/*`],
  ["GET", `${catalog}/items`],
  ["GET", `${catalog}/items/*`],
  ["GET", `${catalog}/items/*/variables`],
  ["POST", `${catalog}/items/#/order_now`, "962967674ff38200086eeed18110c7e7"],
  ["POST", `${catalog}/items/#/order_now`, "b2c5e1a7f4d3480e9a6b7c8d9e0f1a2b"],
  ["POST", `${catalog}/items/#/add_to_cart`, "b2c5e1a7f4d3480e9a6b7c8d9e0f1a2b"],
  ["POST", `${catalog}/items/#/add_to_cart`, "04b7e94b4f7b4200086eeed18110c7fd"],
  ["POST", `${catalog}/items/#/add_to_wishlist`, "04b7e94b4f7b4200086eeed18110c7fd"],
  ["POST", `${catalog}/items/#/submit_producer`, "3f1dd0320a0a0b99000a53f7604a2ef9"],
  ["PUT", `${catalog}/items/#/submit_guide`, "6690750f4f7b4200086eeed18110c761"],
  ["POST", `${catalog}/items/#/checkout_guide`, "6690750f4f7b4200086eeed18110c761"],
  ["POST", `${catalog}/items/#/get_invalid_delegated_users`, "186d917a6fab7980575967ddbb3ee4f2"],
  ["GET", `${catalog}/items/#/delegation/*`, "186d917a6fab7980575967ddbb3ee4f2"],
  ["POST", `${catalog}/variables/#/display_value`, "90b72d4b4f7b4200086eeed18110c701"],
  ["PUT", `${catalog}/cart/*`],
  ["DELETE", `${catalog}/cart/*`],
  ["DELETE", `${catalog}/cart/*/empty`],
  ["GET", `${catalog}/cart/delivery_address/*`],
  ["GET", `${catalog}/wishlist/*`],
  ["GET", "/api/sn_km_api/knowledge/articles"],
  ["GET", "/api/sn_km_api/knowledge/articles/featured"],
  ["GET", "/api/sn_km_api/knowledge/articles/*"],
  ["GET", "/api/sn_km_api/knowledge/articles/#/attachments/*", "0b48fd75474321009db4b5b08b9a71c2"],
  ["GET", change],
  ["POST", change],
  ["POST", `${change}/normal`],
  ["POST", `${change}/standard/#`, "92b8544047810200e90d87e8dee490b0"],
  ["GET", `${change}/*`],
  ["PATCH", `${change}/#`, "1766f1de47410200e90d87e8dee490f6"],
  ["GET", `${change}/#/ci`, "1766f1de47410200e90d87e8dee490f6"],
  ["POST", `${change}/#/ci`, "1766f1de47410200e90d87e8dee490f6"],
  ["POST", `${change}/#/task`, "1766f1de47410200e90d87e8dee490f6"],
  ["GET", `${change}/#/task`, "1766f1de47410200e90d87e8dee490f6"],
  ["PATCH", `${change}/#/approvals`, "1766f1de47410200e90d87e8dee490f6"],
  ["POST", `${change}/#/conflict`, "1766f1de47410200e90d87e8dee490f6"],
  ["GET", `${change}/#/schedule`, "1766f1de47410200e90d87e8dee490f6"],
  ["GET", `${change}/ci/#/schedule`, "27d32778c0a8000b00db970eeaa60f16"],
  ["GET", `${change}/worker/*`],
  ["GET", "/api/sn_customerservice/case"],
  ["POST", "/api/sn_customerservice/case"],
  ["PUT", "/api/sn_customerservice/case/CS0000001"],
  ["GET", "/api/sn_customerservice/case/*"],
  ["GET", "/api/sn_customerservice/case/CS0000001/activities"],
  ["GET", "/api/sn_customerservice/case/field_values/*"],
  ["GET", "/api/sn_customerservice/case/CS0000001/field_values/contact"],
  ["GET", `${ci}/*`],
  ["POST", `${ci}/cmdb_ci_server`],
  ["PATCH", `${ci}/cmdb_ci/#`, "27d32778c0a8000b00db970eeaa60f16"],
  ["POST", `${ci}/cmdb_ci/#/relation`, "27d32778c0a8000b00db970eeaa60f16"],
  ["GET", "/api/now/cmdb/meta/*"],
  ["POST", "/api/now/identifyreconcile"],
  ["POST", "/api/now/identifyreconcile/queryEnhanced"],
  ["POST", "/api/now/email"],
  ["GET", "/api/now/email/*"],
  ["GET", "/api/global/user_role_inheritance"],
  ["POST", "/api/global/em/jsonv2"],
  ["GET", "/api/now/ui/meta/*"],
  ["GET", "/*.do?JSONv2"],
  ...["insert", "insertMultiple", "update", "deleteRecord", "deleteMultiple", "*"].map(
    (action): [string, string] => ["POST", `/incident.do?JSONv2&sysparm_action=${action}`],
  ),
  ...[
    "sys_db_object",
    "sys_dictionary",
    "sys_choice",
    "sys_script",
    "sys_user_grmember",
    "sys_group_has_role",
    "sys_user_role_contains",
    "user_criteria",
    "cmn_schedule_span",
    "cmn_schedule_blackout",
    "cmdb_reconciliation_definition",
  ].map((table): [string, string] => ["POST", `/api/now/table/${table}`]),
];

const names = [
  "sysparm_quantity",
  "sysparm_requested_for",
  "sysparm_also_request_for",
  "sysparm_value",
  "variables",
  "items",
  "relations",
  "records",
  "attributes",
  "values",
  "className",
  "source",
  "inbound_relations",
  "outbound_relations",
  "type",
  "target",
  "parent",
  "child",
  "association_type",
  "cmdb_ci_sys_ids",
  "state",
  "chg_model",
  "short_description",
  "start_date",
  "to",
  "headers",
  "table_name",
  "sys_id",
  "desk",
  "user_id",
  "u_caller",
  "occasion",
  "guests",
  "guest_name",
  "lookup",
  "related",
  "internal_id",
  "referenceItems",
  "settings",
  "sys_object_source_info",
  "source_native_key",
  "name",
  "element",
  "internal_type",
  "super_class",
  "collection",
  "filter_condition",
  "script",
  "role",
  "group",
  "user",
  "schedule",
  "start_date_time",
  "end_date_time",
  "repeat_type",
  "applies_to",
  "condition",
  "__proto__",
  "constructor",
];
const word = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-1",
    "1e9",
    "true",
    "affected",
    "approved",
    "ServiceNow",
    "cmdb_ci_server",
    "incident",
  ),
  fc.constantFrom(
    "'; DROP TABLE task; --",
    "a^NQb",
    "^^^",
    "%",
    "_",
    "%25",
    "..",
    "javascript:gs.getUserID()",
    "2024-01-01",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.stringMatching(/^[0-9a-f]{32}$/),
);
const scalar = fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const body = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("any"), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), tie("any")), {
        maxLength: 6,
      })
      .map(
        (entries) =>
          JSON.parse(
            `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`).join(",")}}`,
          ) as unknown,
      ),
  ),
})).any;
const text = fc.oneof(
  body.map((value) => JSON.stringify(value)),
  fc.string({ maxLength: 40 }),
  fc.constantFrom("{", "[{}", "{'a':'b'}", "null"),
);
const query = fc.array(
  fc.tuple(
    fc.constantFrom(
      "sysparm_limit",
      "sysparm_offset",
      "sysparm_query",
      "sysparm_text",
      "sysparm_category",
      "sysparm_fields",
      "sysparm_display_value",
      "sysparm_data_source",
      "sysparm_reference_fields",
      "association_type",
      "textSearch",
      "order",
      "state",
      "limit",
      "offset",
      "query",
      "filter",
      "fields",
      "kb",
      "duration_in_seconds",
      "planned_start_time",
      "user_sysid",
    ),
    word,
  ),
  { maxLength: 3 },
);

describe("take anything", () => {
  test("no call with any id, query or body makes the instance fail", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...calls),
        fc.array(
          word.filter((part) => part !== "" && part !== ".."),
          { minLength: 2, maxLength: 2 },
        ),
        query,
        text,
        async ([method, pattern, id], ids, parameters, sent) => {
          let at = 0;
          const path = pattern
            .replace("#", id ?? "")
            .replace(/\*/g, () => encodeURIComponent(well(present(ids[at++ % 2]))));
          const search = new URLSearchParams(
            parameters.map(([name, value]): [string, string] => [name, well(value)]),
          ).toString();
          const answer = await instance.call(
            method,
            `${path}${path.includes("?") ? "&" : "?"}${search}`,
            method === "GET" || method === "DELETE" ? undefined : sent,
          );
          if (answer.status >= 500) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`);
        },
      ),
      { numRuns: 2000 },
    );
    expect((await instance.call("GET", `${catalog}/catalogs`)).list).toHaveLength(2);
  }, 120_000);
});

/** A lone surrogate cannot stand in an address. */
function well(value: string): string {
  return value.replace(/[\ud800-\udfff]/g, "?");
}
