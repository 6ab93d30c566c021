import { createServer } from "node:http";
import { readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import aggregateRecords from "../../actions/aggregate-records/aggregate-records";
import checkConnection from "../../actions/check-connection/check-connection";
import copyAttachment from "../../actions/copy-attachment/copy-attachment";
import createEvent from "../../actions/create-event/create-event";
import createIncident from "../../actions/create-incident/create-incident";
import deleteAttachment from "../../actions/delete-attachment/delete-attachment";
import describeTable from "../../actions/describe-table/describe-table";
import downloadAttachment from "../../actions/download-attachment/download-attachment";
import exportRecords from "../../actions/export-records/export-records";
import getArticleAttachment from "../../actions/get-article-attachment/get-article-attachment";
import getImportResult from "../../actions/get-import-result/get-import-result";
import getRecordCounts from "../../actions/get-record-counts-by-field/get-record-counts-by-field";
import importRow from "../../actions/import-row/import-row";
import importRows from "../../actions/import-rows/import-rows";
import listAttachments from "../../actions/list-attachments/list-attachments";
import listTables from "../../actions/list-tables/list-tables";
import runGraphqlQuery from "../../actions/run-graphql-query/run-graphql-query";
import sendEmail from "../../actions/send-email/send-email";
import uploadAttachment from "../../actions/upload-attachment/upload-attachment";
import { safeFileName } from "../../actions/common/files";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, runAs, total, rows } = useInstance();
const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { force: true }))));

const incident = async () =>
  String(toRow((await run(createIncident, { shortDescription: "With files" })).result).number);

describe("attachments", () => {
  it("go up from text, path and URL, come down, are copied and deleted", async () => {
    const record = await incident();
    const text = await run(uploadAttachment, { table: "incident", record, text: "hello", fileName: "a.txt" });
    expect(text.summary).toBe(`Attached a.txt to ${record}`);
    await writeFile("/tmp/kit-upload-test.txt", "from disk");
    made.push("/tmp/kit-upload-test.txt");
    await run(uploadAttachment, { table: "incident", record, file: "/tmp/kit-upload-test.txt" });
    const server = createServer((_request, response) => response.end("from the web"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/web.txt`;
    await run(uploadAttachment, { table: "incident", record, file: url });
    server.close();
    const { result } = await run(listAttachments, { table: "incident", record });
    expect(
      toRows(result)
        .map((row) => row.file_name)
        .sort(),
    ).toEqual(["a.txt", "kit-upload-test.txt", "web.txt"]);

    const attachment = toRow(text.result).sys_id;
    const down = await run(downloadAttachment, { attachment, fileName: "../../etc/kit-down.txt" });
    const { path } = down.result as { path: string };
    made.push(path);
    expect(path).toBe("/tmp/kit-down.txt");
    expect(await readFile(path, "utf8")).toBe("hello");

    const other = await incident();
    await run(copyAttachment, { attachment, table: "incident", record: other });
    expect((await run(listAttachments, { table: "incident", record: other })).summary).toMatch(
      /^Retrieved 1 att/,
    );
    expect((await run(deleteAttachment, { attachment })).summary).toBe("Deleted attachment a.txt");
    await expect(run(downloadAttachment, { attachment })).rejects.toThrow(/attachment/);
  });

  it("go up as bytes in Base64 and come down unchanged", async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    const up = await run(uploadAttachment, {
      table: "incident",
      record: await incident(),
      base64: `data:application/octet-stream;base64,${bytes.toString("base64")}`,
      fileName: "kit-bytes.bin",
    });
    expect(up.result).toMatchObject({ file_name: "kit-bytes.bin", size_bytes: expect.anything() });
    const { result } = await run(downloadAttachment, { attachment: toRow(up.result).sys_id });
    made.push(String(toRow(result).path));
    expect(await readFile(String(toRow(result).path))).toEqual(bytes);
  });

  it("are refused when the content is missing, doubled or outside /tmp, and nothing is attached", async () => {
    const record = await incident();
    const up = (values: Row) => run(uploadAttachment, { table: "incident", record, ...values });
    await expect(up({})).rejects.toThrow(/File or Text/);
    await expect(up({ file: "/tmp/x", text: "y" })).rejects.toThrow(/only one of them/);
    await expect(up({ base64: "no base64!", fileName: "a.bin" })).rejects.toThrow(/not valid Base64/);
    await expect(up({ file: "/etc/passwd" })).rejects.toThrow(/below \/tmp/);
    await expect(up({ file: "/tmp/../etc/passwd" })).rejects.toThrow(/below \/tmp/);
    expect((await run(listAttachments, { table: "incident", record })).summary).toMatch(/^Retrieved 0/);
  });

  it("of an article keep their own name, made safe", async () => {
    expect(safeFileName(undefined, "../a\u0000b.pdf")).toBe("a_b.pdf");
    const [article] = await rows("kb_knowledge", "workflow_state=published");
    const file = await run(uploadAttachment, {
      table: "kb_knowledge",
      record: article?.number,
      text: "manual",
      fileName: "kit-manual.txt",
    });
    const { result } = await run(getArticleAttachment, {
      articleSysId: article?.sys_id,
      attachmentSysId: toRow(file.result).sys_id,
    });
    made.push(String(toRow(result).filePath));
    expect(toRow(result).filePath).toBe("/tmp/kit-manual.txt");
    expect(await readFile(String(toRow(result).filePath), "utf8")).toBe("manual");
  });
});

describe("exports", () => {
  it("write every row to CSV, JSON and JSON Lines", async () => {
    const count = await total("sys_user");
    const fields = { table: "sys_user", resultFields: ["user_name", "name"] };
    const csv = await run(exportRecords, { ...fields, fileName: "kit-users.csv" });
    const path = String(toRow(csv.result).path);
    made.push(path);
    const lines = (await readFile(path, "utf8")).trimEnd().split("\r\n");
    expect(lines[0]).toBe("user_name,name");
    expect(lines).toHaveLength(count + 1);
    for (const format of ["json", "jsonl"]) {
      const file = await run(exportRecords, { ...fields, format, fileName: `kit-users.${format}` });
      made.push(String(toRow(file.result).path));
      const text = await readFile(String(toRow(file.result).path), "utf8");
      const parsed =
        format === "json"
          ? toRows(JSON.parse(text))
          : text
              .trimEnd()
              .split("\n")
              .map((line) => toRow(JSON.parse(line)));
      expect(parsed).toHaveLength(count);
    }
    await expect(run(exportRecords, { ...fields, format: "xls" })).rejects.toThrow(/csv/);
    await expect(run(exportRecords, { ...fields, query: "no_such=1" })).rejects.toThrow(
      /no column "no_such"/,
    );
  });
});

describe("counting", () => {
  it("counts by a field without any average, in ServiceNow's own shape", async () => {
    const { result, summary } = await run(getRecordCounts, { table: "incident", groupByField: "state" });
    const groups = result as { stats: { count: string }; groupby_fields: Row[] }[];
    const sum = groups.reduce((all, { stats }) => all + Number(stats.count), 0);
    expect(sum).toBe(await total("incident"));
    expect(groups[0]?.groupby_fields).toEqual([{ field: "state", value: expect.any(String) }]);
    expect(summary).toMatch(/^Retrieved \d+ groups of table incident by state$/);
  });

  it("takes conditions on groups and orders, and refuses what it cannot read", async () => {
    const run_ = (values: Row) =>
      run(getRecordCounts, { table: "incident", groupByField: "state", ...values });
    const { result } = await run_({ havingQuery: "count>0", orderBy: "-count" });
    const counts = (result as { stats: { count: string } }[]).map(({ stats }) => Number(stats.count));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    await expect(run_({ havingQuery: "COUNT is many" })).rejects.toThrow(/count\^priority\^>\^10/);
    await expect(run_({ groupByField: "no_such" })).rejects.toThrow(/no column "no_such"/);
  });

  it("aggregates a whole table", async () => {
    const { result, summary } = await run(aggregateRecords, { table: "incident" });
    expect(toRows(result)[0]).toMatchObject({ count: await total("incident") });
    expect(summary).toBe(`Counted ${await total("incident")} records of table incident`);
  });
});

describe("metadata", () => {
  it("lists readable tables, up to the limit, and refuses the filter that tables do not have", async () => {
    const { result, summary } = await run(listTables, { limit: 5 });
    expect(result).toHaveLength(5);
    expect(Object.keys(toRows(result)[0] ?? {}).sort()).toEqual(["label", "name", "sys_id"]);
    expect(summary).toBe("Retrieved 5 tables; there are more");
    await expect(run(listTables, { filterActive: true })).rejects.toThrow(/no such column/);
  });

  it("describes inherited columns with types, and choices on request", async () => {
    const { result } = await run(describeTable, {
      table: "incident",
      search: "priority",
      includeChoices: true,
    });
    const column = (result as { columns: Row[] }).columns.find(({ name }) => name === "priority");
    expect(column).toMatchObject({ table: "task", type: "integer" });
    expect(column?.choices).toEqual(expect.arrayContaining([expect.objectContaining({ value: "1" })]));
  });

  it("checks the connection of rich and poor accounts", async () => {
    expect((await run(checkConnection, {})).summary).toMatch(/^The connection works/);
    const poor = await runAs("norole", checkConnection);
    expect((poor.result as { findings: Row[] }).findings.some(({ status }) => status !== "ok")).toBe(true);
  });
});

describe("import sets", () => {
  it("import a row, tell its result again, and take many rows", async () => {
    const row = { user_id: "grace.hopper", email: "grace@example.com" };
    const { summary, result } = await run(importRow, { stagingTable: "imp_user", row });
    expect(summary).toMatch(/inserted in sys_user/);
    expect(await total("sys_user", "user_name=grace.hopper")).toBe(1);
    const [staged] = await rows("imp_user", "ORDERBYDESCsys_created_on", 1);
    const again = await run(getImportResult, { stagingTable: "imp_user", row: staged?.sys_id });
    expect(toRow(again.result).importSet).toBe(toRow(result).importSet);
    const many = await run(importRows, {
      stagingTable: "imp_user",
      rows: [{ user_id: "k.j" }, { user_id: "d.v" }],
    });
    expect(many.summary).toBe("Put 2 rows into imp_user; the transforms run now");
    expect(many.exports).not.toHaveProperty("$warnings");
    const long = await run(importRows, {
      stagingTable: "imp_user",
      rows: [{ user_id: "short" }, { user_id: "long", title: "t".repeat(5000) }, { user_id: "" }],
    });
    expect((long.exports["$warnings"] as string[])[0]).toBe(
      "The staging table did not store these values as given, probably since they are too long: title of row 2.",
    );
    await expect(run(importRow, { stagingTable: "no_such", row })).rejects.toThrow(/no_such/);
    await expect(run(importRows, { stagingTable: "imp_user", rows: "[]" })).rejects.toThrow(
      /list of objects/,
    );
  });
});

describe("what the instance may not have", () => {
  /** Either it works, or the error names what is missing. */
  const worksOrTells = async (attempt: Promise<{ summary: string | undefined }>, works: RegExp) => {
    const said = await attempt.then(
      ({ summary }) => summary,
      (error: Error) => error.message,
    );
    expect(said).toMatch(new RegExp(`${works.source}|does not have this API|Invalid|plugin`, "i"));
  };

  it("sends e-mail, checked before anything is sent", async () => {
    const mail = { to: ["beth@example.com"], subject: "Your request", text: "Done" };
    await worksOrTells(run(sendEmail, mail), /^Queued the e-mail/);
    await expect(run(sendEmail, { ...mail, to: [] })).rejects.toThrow(/no receiver/);
    await expect(run(sendEmail, { ...mail, to: ["not an address"] })).rejects.toThrow(/not a mail address/);
    await expect(run(sendEmail, { ...mail, table: "incident" })).rejects.toThrow(/go together/);
  });

  it("creates events and runs GraphQL", async () => {
    await worksOrTells(run(createEvent, { source: "Nagios", severity: 1, node: "web-01" }), /^Sent an event/);
    await expect(run(createEvent, { source: "Nagios", severity: 9 })).rejects.toThrow(/Severity must be/);
    await worksOrTells(run(runGraphqlQuery, { query: "{ a }" }), /GraphQL/);
  });
});
