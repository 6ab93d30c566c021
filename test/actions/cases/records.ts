import aggregateRecords from "../../../actions/aggregate-records/aggregate-records";
import bulkCreateRecords from "../../../actions/bulk-create-records/bulk-create-records";
import bulkDeleteRecords from "../../../actions/bulk-delete-records/bulk-delete-records";
import bulkUpdateRecords from "../../../actions/bulk-update-records/bulk-update-records";
import checkAccess from "../../../actions/check-access/check-access";
import checkConnection from "../../../actions/check-connection/check-connection";
import copyRecord from "../../../actions/copy-record/copy-record";
import createTableRecord from "../../../actions/create-table-record/create-table-record";
import deleteTableRecord from "../../../actions/delete-table-record/delete-table-record";
import describeTable from "../../../actions/describe-table/describe-table";
import exportRecords from "../../../actions/export-records/export-records";
import findRecord from "../../../actions/find-record/find-record";
import getRecordByNumber from "../../../actions/get-record-by-number/get-record-by-number";
import getRecordCountsByField from "../../../actions/get-record-counts-by-field/get-record-counts-by-field";
import getTableRecordById from "../../../actions/get-table-record-by-id/get-table-record-by-id";
import getTableRecords from "../../../actions/get-table-records/get-table-records";
import listChoices from "../../../actions/list-choices/list-choices";
import listRecords from "../../../actions/list-records/list-records";
import listTables from "../../../actions/list-tables/list-tables";
import searchRecordsByKeyword from "../../../actions/search-records-by-keyword/search-records-by-keyword";
import sendApiRequest from "../../../actions/send-api-request/send-api-request";
import updateTableRecord from "../../../actions/update-table-record/update-table-record";
import upsertRecord from "../../../actions/upsert-record/upsert-record";
import type { ActionCase, Values } from "../../helpers/action-cases";

const NO_ID = "0".repeat(32);
const table = "incident";
const noTable = [{ table: "not_a_table" }, /not_a_table/] as const;
const withId =
  (more: object = {}): Values =>
  async (world) => ({ table, recordId: (await world.incident()).sys_id, ...more });

export const cases: ActionCase[] = [
  {
    action: createTableRecord,
    works: { table, recordData: { short_description: "Cannot log in" } },
    says: /^Created INC\d+ in table incident$/,
    fails: [
      [{ recordData: { a: "1" } }, /Table is missing\. Example: incident/],
      [{ table, recordData: {} }, /Record Data is empty\. Give at least one field/],
      [{ table, recordData: "{oops" }, /not valid JSON/],
      [{ table: "not_a_table", recordData: { a: "1" } }, /not_a_table/],
      [{ table: "sys_user", recordData: { user_name: "x" } }, /right|role|access|ACL|security/i, "employee"],
    ],
  },
  {
    action: updateTableRecord,
    works: withId({ updateFields: { urgency: "1" } }),
    says: /^Updated INC\d+ in table incident$/,
    fails: [
      [withId({ updateFields: {} }), /Update Fields is empty/],
      [
        { table, recordId: "INC0000001", updateFields: { urgency: "1" } },
        /must be a sys_id.*Get Record by Number/,
      ],
      [{ table, recordId: NO_ID, updateFields: { urgency: "1" } }, /no record|not found|exist/i],
    ],
  },
  {
    action: deleteTableRecord,
    works: withId(),
    says: /^Deleted INC\d+ from table incident$/,
    fails: [
      [{ table, recordId: NO_ID }, /no record|not found|exist/i],
      [{ table, recordId: "" }, /Record ID is missing/],
      [withId(), /right|role|access|ACL|security|record/i, "employee"],
    ],
  },
  {
    action: getTableRecordById,
    works: withId(),
    says: /^Retrieved INC\d+ from table incident$/,
    fails: [
      [{ table, recordId: NO_ID }, /no record|not found|exist/i],
      [{ table, recordId: "../sys_user" }, /must be a sys_id/],
      [withId({ responseDataFormat: "both" }), /Response Data Format must be/],
    ],
  },
  {
    action: getTableRecords,
    works: { table, query: "active=true", limit: 3 },
    says: /^Retrieved 3 records from table incident; up to \d+ more match$/,
    fails: [
      [{ table, query: "no_such=1" }, /no column "no_such".*Describe Table/],
      [{ table, query: "active=true^^" }, /\^/],
      [{ table, filterCreatedAtDate: "yesterday" }, /Created Since must be a date/],
      noTable,
    ],
  },
  {
    action: listRecords,
    works: { table, orderBy: "-number", maximum: 5 },
    says: /^Retrieved 5 records from table incident; up to \d+ more match$/,
    fails: [
      [{ table, orderBy: "no_such" }, /no_such/],
      [{ table, query: "no_such=1" }, /no column "no_such"/],
      [{ table, resultFormat: "labels" }, /Result Format must be/],
    ],
  },
  {
    action: findRecord,
    works: { table: "sys_user", query: "user_name=itil" },
    says: /^Found .* in table sys_user$/,
    fails: [
      [{ table, query: "" }, /Query is missing/],
      [{ table, query: "no_such=1" }, /no column "no_such"/],
      [{ query: "active=true" }, /Table is missing/],
    ],
  },
  {
    action: getRecordByNumber,
    works: async (world) => ({ number: (await world.incident()).number }),
    says: /^Retrieved INC\d+ from table incident$/,
    fails: [
      [{ number: "INC9999999" }, /no record with the number "INC9999999"/],
      [{ number: "" }, /Number is missing/],
      [{ number: "INC1^active=true" }, /\^|number/],
    ],
  },
  {
    action: searchRecordsByKeyword,
    works: async (world) => {
      await world.incident({ short_description: "The quagga grazes" });
      return { table, keyword: "quagga" };
    },
    says: /^Retrieved 1 record from table incident$/,
    fails: [
      [{ table, keyword: "a^b" }, /cannot be searched for/],
      [{ table, keyword: " " }, /Keyword is missing/],
      [{ table: "not_a_table", keyword: "x" }, /not_a_table/],
    ],
  },
  {
    action: getRecordCountsByField,
    works: { table, groupByField: "state" },
    says: /^Retrieved \d+ groups of table incident by state$/,
    fails: [
      [{ table, groupByField: "no_such" }, /no column "no_such"/],
      [{ table, groupByField: "state", havingQuery: "COUNT>>10" }, /Having Query must be conditions such as/],
      [{ table, groupByField: "state", orderBy: "^ORDER_BY" }, /Order By must be/],
    ],
  },
  {
    action: aggregateRecords,
    works: { table, query: "active=true" },
    says: /^Counted \d+ records of table incident$/,
    fails: [
      [{ table, query: "no_such=1" }, /no column "no_such"/],
      [{ table, avgFields: ["no_such"] }, /no column "no_such"/],
      [{ table, groupBy: ["state"], havingQuery: "many" }, /Having Query must be conditions/],
    ],
  },
  {
    action: upsertRecord,
    works: {
      table,
      keyFields: ["correlation_id"],
      recordData: { correlation_id: "case-1", short_description: "Upserted" },
    },
    says: /^(Created|Updated) INC\d+ in table incident$/,
    fails: [
      [{ table, keyFields: [], recordData: { urgency: "1" } }, /Key Fields are missing/],
      [
        { table, keyFields: ["correlation_id"], recordData: { urgency: "1" } },
        /"correlation_id" has no value/,
      ],
      [{ table, keyFields: ["no_such"], recordData: { no_such: "1" } }, /no column "no_such"/],
      [{ table, keyFields: ["active"], recordData: { active: "true" } }, /Several records/],
    ],
  },
  {
    action: copyRecord,
    works: async (world) => ({
      table,
      record: (await world.incident()).number,
      changes: { short_description: "Copy" },
    }),
    says: /^Copied INC\d+ to INC\d+ in table incident$/,
    fails: [
      [{ table, record: "INC9999999" }, /no record with the number "INC9999999"/],
      [withRecord({ fields: ["no_such"] }), /no column no_such/],
      [withRecord({ changes: "[1]" }), /Changes must be a JSON object/],
    ],
  },
  {
    action: bulkCreateRecords,
    works: { table, records: '[{"short_description": "case one"}, {"short_description": "case two"}]' },
    says: /^2 records of table incident created$/,
    fails: [
      [{ table, records: "[]" }, /Records must be a list of objects such as/],
      [{ table, records: '[{"a": 1}, 2]' }, /entry 2 is not an object/],
      [
        { table: "sys_user_group", records: '[{"name": "x", "descriptoin": "1"}]' },
        /Records: table sys_user_group has no column "descriptoin"/,
      ],
    ],
  },
  {
    action: bulkUpdateRecords,
    works: { table, query: "short_descriptionSTARTSWITHcase ", updateFields: { urgency: "1" } },
    says: /^2 records of table incident updated$/,
    fails: [
      [{ table, query: "ORDERBYnumber", updateFields: { urgency: "1" } }, /no condition in it/],
      [{ table, query: "no_such=1", updateFields: { urgency: "1" } }, /no column "no_such"/],
      [{ table, query: "active=true", maxRecords: 1, updateFields: { urgency: "1" } }, /Nothing was changed/],
      [{ table, query: "active=true", updateFields: {} }, /Update Fields is empty/],
    ],
  },
  {
    action: bulkDeleteRecords,
    works: { table, query: "short_descriptionSTARTSWITHcase ", dryRun: false },
    says: /^2 records of table incident deleted$/,
    fails: [
      [{ table, query: "", dryRun: false }, /Query is missing/],
      [{ table, query: "no_such=1", dryRun: false }, /no column "no_such"/],
      [{ table, query: "active=true", maxRecords: 1, dryRun: false }, /Nothing was changed/],
    ],
  },
  {
    action: exportRecords,
    works: { table: "sys_user_group", resultFields: ["name"], fileName: "kit-case-groups.csv" },
    says: /^Wrote \d+ records of table sys_user_group to \/tmp\/kit-case-groups\.csv$/,
    fails: [
      [{ table, format: "xls" }, /Format must be "csv", "json" or "jsonl"/],
      [{ table, query: "no_such=1" }, /no column "no_such"/],
      noTable,
    ],
  },
  {
    action: describeTable,
    works: { table, search: "priority", includeChoices: true },
    says: /^Table incident has \d+ columns? matching "priority"$/,
    fails: [noTable, [{}, /Table is missing/]],
  },
  {
    action: listChoices,
    works: { table, column: "state" },
    says: /^incident\.state has \d+ choices that the account may see$/,
    fails: [
      [{ table, column: "" }, /Column is missing/],
      [{ table, column: "no_such" }, /no column "no_such"/],
      [{ table: "not_a_table", column: "state" }, /not_a_table/],
    ],
  },
  {
    action: listTables,
    works: { limit: 3 },
    says: /^Retrieved 3 tables; there are more$/,
    fails: [
      [{ filterActive: true }, /no such column/],
      [{ query: "no_such=1" }, /no column "no_such"/],
    ],
  },
  {
    action: checkAccess,
    works: { table },
    says: /^Table incident may be read: \d+ rows match/,
    fails: [
      [{ table: "" }, /Table is missing/],
      [{ table, query: "active=true^^" }, /\^/],
    ],
  },
  {
    action: checkConnection,
    works: {},
    says: /^The connection works/,
    // It reports what is wrong instead of failing: that is its work.
    reports: true,
    fails: [
      [{ tables: ["not_a_table"] }, /PROBLEM\s+table not_a_table/],
      [{ tables: ["sys_audit"] }, /PROBLEM|LIMIT/, "norole"],
    ],
  },
  {
    action: sendApiRequest,
    works: { path: "/api/now/table/incident", method: "POST", body: '{"short_description": "Sent"}' },
    says: /^POST \/api\/now\/table\/incident answered 201$/,
    fails: [
      [{ path: "https://example.com/x" }, /stay on the instance/],
      [{ path: "/api/now/table/incident", body: "{}" }, /GET request has no body/],
      [{ path: "/api/now/table/incident", method: "POST", body: "{" }, /Body is not valid JSON/],
      [{ path: "/api/now/table/incident", method: "TRACE" }, /Method must be/],
    ],
  },
];

function withRecord(more: object): Values {
  return async (world) => ({ table, record: (await world.incident()).number, ...more });
}
