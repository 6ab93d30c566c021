import copyAttachment from "../../../actions/copy-attachment/copy-attachment";
import createEvent from "../../../actions/create-event/create-event";
import deleteAttachment from "../../../actions/delete-attachment/delete-attachment";
import downloadAttachment from "../../../actions/download-attachment/download-attachment";
import getArticleAttachment from "../../../actions/get-article-attachment/get-article-attachment";
import getImportResult from "../../../actions/get-import-result/get-import-result";
import importRow from "../../../actions/import-row/import-row";
import importRows from "../../../actions/import-rows/import-rows";
import listAttachments from "../../../actions/list-attachments/list-attachments";
import runGraphqlQuery from "../../../actions/run-graphql-query/run-graphql-query";
import sendEmail from "../../../actions/send-email/send-email";
import uploadAttachment from "../../../actions/upload-attachment/upload-attachment";
import type { ActionCase, World } from "../../helpers/action-cases";

const NO_ID = "0".repeat(32);
const table = "incident";

/** A text file on a new incident. */
async function attached(world: World): Promise<{ attachment: unknown }> {
  const { number: record } = await world.incident();
  const { result } = await world.run(uploadAttachment, { table, record, text: "hello", fileName: "a.txt" });
  return { attachment: (result as { sys_id: string }).sys_id };
}

export const cases: ActionCase[] = [
  {
    action: uploadAttachment,
    works: async (world) => ({
      table,
      record: (await world.incident()).number,
      text: "hello",
      fileName: "notes.txt",
    }),
    says: /^Attached notes\.txt to INC\d+$/,
    fails: [
      [{ table, record: "INC9999999", text: "x", fileName: "a.txt" }, /no record with the number/],
      [async (world) => ({ table, record: (await world.incident()).number }), /Give File or Text/],
      [
        async (world) => ({ table, record: (await world.incident()).number, file: "/etc/passwd" }),
        /below \/tmp/,
      ],
      [
        async (world) => ({ table, record: (await world.incident()).number, text: "x" }),
        /File Name is missing/,
      ],
    ],
  },
  {
    action: listAttachments,
    works: async (world) => {
      const { number: record } = await world.incident();
      await world.run(uploadAttachment, { table, record, text: "x", fileName: "b.txt" });
      return { table, record };
    },
    says: /^Retrieved 1 attachment from INC\d+$/,
    fails: [
      [{ table, record: "INC9999999" }, /no record with the number/],
      [{ table: "" }, /Table is missing/],
    ],
  },
  {
    action: downloadAttachment,
    works: async (world) => ({ ...(await attached(world)), fileName: "kit-case-down.txt" }),
    says: /^Saved \/tmp\/kit-case-down\.txt \(5 bytes\)$/,
    fails: [
      [{ attachment: "a.txt" }, /Attachment must be a sys_id/],
      [{ attachment: NO_ID }, /no record|not found|exist|attachment/i],
    ],
  },
  {
    action: copyAttachment,
    works: async (world) => ({
      ...(await attached(world)),
      table,
      record: (await world.incident()).number,
    }),
    says: /^Copied a\.txt to INC\d+$/,
    fails: [
      [
        async (world) => ({ ...(await attached(world)), table, record: "INC9999999" }),
        /no record with the number/,
      ],
      [
        async (world) => ({ attachment: NO_ID, table, record: (await world.incident()).number }),
        /attachment|found/i,
      ],
    ],
  },
  {
    action: deleteAttachment,
    works: attached,
    says: /^Deleted attachment a\.txt$/,
    fails: [
      [{ attachment: "a.txt" }, /Attachment must be a sys_id/],
      [{ attachment: NO_ID }, /no record|not found|exist|attachment/i],
    ],
  },
  {
    action: getArticleAttachment,
    works: async (world) => {
      const [article] = await world.rows("kb_knowledge", "workflow_state=published");
      const { result } = await world.run(uploadAttachment, {
        table: "kb_knowledge",
        record: article?.number,
        text: "manual",
        fileName: "kit-case-manual.txt",
      });
      return { articleSysId: article?.sys_id, attachmentSysId: (result as { sys_id: string }).sys_id };
    },
    says: /^Saved the attachment as \/tmp\/kit-case-manual\.txt$/,
    fails: [
      [{ articleSysId: "KB1", attachmentSysId: NO_ID }, /must be a sys_id/],
      [
        async (world) => ({
          articleSysId: (await world.rows("kb_knowledge", "workflow_state=published"))[0]?.sys_id,
          attachmentSysId: NO_ID,
        }),
        /attachment|found|record/i,
      ],
    ],
  },
  {
    action: importRow,
    works: { stagingTable: "imp_user", row: { user_id: "grace.case", email: "grace@example.com" } },
    says: /^Imported the row \(ISET\d+\): inserted in sys_user$/,
    fails: [
      [{ stagingTable: "imp_user", row: {} }, /Row is empty/],
      [{ stagingTable: "no_such", row: { a: "1" } }, /no_such/],
      [{ stagingTable: "", row: { a: "1" } }, /Staging Table is missing/],
    ],
  },
  {
    action: importRows,
    works: { stagingTable: "imp_user", rows: '[{"user_id": "k.case"}, {"user_id": "d.case"}]' },
    says: /^Put 2 rows into imp_user; the transforms run now$/,
    fails: [
      [{ stagingTable: "imp_user", rows: "[]" }, /list of objects/],
      [{ stagingTable: "imp_user", rows: "[1]" }, /entry 1 is not an object/],
    ],
  },
  {
    action: getImportResult,
    works: async (world) => {
      await world.run(importRow, { stagingTable: "imp_user", row: { user_id: "g.case" } });
      const [staged] = await world.rows("imp_user", "ORDERBYDESCsys_created_on", 1);
      return { stagingTable: "imp_user", row: staged?.sys_id };
    },
    says: /^The row was (inserted|updated|ignored)$/,
    fails: [
      [{ stagingTable: "imp_user", row: "1" }, /Row must be a sys_id/],
      [{ stagingTable: "imp_user", row: NO_ID }, /no record|not found|exist/i],
    ],
  },
  {
    action: sendEmail,
    works: { to: ["beth@example.com"], subject: "Your request", text: "Done" },
    says: /^Queued the e-mail "Your request"$/,
    fails: [
      [{ to: [], subject: "x", text: "y" }, /no receiver/],
      [{ to: ["not an address"], subject: "x", text: "y" }, /not a mail address/],
      [{ to: ["a@b.example"], subject: "x", text: "y", table }, /Table and Record go together/],
      [{ to: ["a@b.example"], subject: "", text: "y" }, /Subject is missing/],
    ],
  },
  {
    action: createEvent,
    works: { source: "Nagios", severity: 1, node: "web-01", additionalInfo: '{"free": "0 MB"}' },
    says: /^Sent an event of Nagios$/,
    fails: [
      [{ source: "", severity: 1 }, /Source is missing/],
      [{ source: "Nagios", severity: 9 }, /Severity must be a whole number from 0 to 5/],
      [{ source: "Nagios", severity: 1, additionalInfo: "[1]" }, /Additional Info must be a JSON object/],
    ],
  },
  {
    // The instance of the tests has no GraphQL: what comes of a query is shown in graphql.test.ts.
    action: runGraphqlQuery,
    fails: [
      [{ query: "{ GlideRecord_Query { incident { _rowCount } } }" }, /Could not run a GraphQL operation/],
      [{ query: " " }, /Query is missing/],
      [{ query: "{ a }", variables: "[1]" }, /Variables must be a JSON object/],
    ],
  },
];
