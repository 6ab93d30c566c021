import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import copyAttachment from "../../actions/copy-attachment/copy-attachment";
import copyRecord from "../../actions/copy-record/copy-record";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import listAttachments from "../../actions/list-attachments/list-attachments";
import sendEmail from "../../actions/send-email/send-email";
import uploadAttachment from "../../actions/upload-attachment/upload-attachment";
import { useInstance, type Row } from "../helpers/action-suite";
import { toRow } from "../helpers/present";

const { run, total, rows } = useInstance();
const make = async (table: string, recordData: Row) =>
  (await run(createTableRecord, { table, recordData })).result as Record<string, string>;
const incident = () => make("incident", { short_description: "With files" });

describe("a file on a record that is named with a base table", () => {
  const text = { text: "hello", fileName: "a.txt" };

  it("stands with the record's own table, where it is listed", async () => {
    const { number: record } = await incident();
    const { result } = await run(uploadAttachment, { table: "task", record, ...text });
    expect(result).toMatchObject({ table_name: "incident" });
    for (const table of ["incident", "task"])
      expect((await run(listAttachments, { table, record })).result).toHaveLength(1);
    const { sys_id: ci } = await make("cmdb_ci_server", { name: "kit-server" });
    await run(uploadAttachment, { table: "cmdb_ci", record: ci, ...text });
    expect((await run(listAttachments, { table: "cmdb_ci_server", record: ci })).result).toHaveLength(1);
    const { number: other } = await incident();
    await run(copyAttachment, { attachment: toRow(result).sys_id, table: "task", record: other });
    expect((await run(listAttachments, { table: "incident", record: other })).result).toHaveLength(1);
  });

  it("so do a mail on it and a copy of it", async () => {
    const { number: record, sys_id: id } = await incident();
    const mail = { to: ["beth@example.com"], subject: "About it", text: "Done" };
    await run(sendEmail, { ...mail, table: { label: "Task", value: "task" }, record });
    const [sent] = await rows("sys_email", `instance=${id}`);
    expect(sent).toMatchObject({ target_table: "incident" });
    await run(copyRecord, { table: "task", record, changes: { short_description: "Kit copy" } });
    expect(await total("incident", "short_description=Kit copy")).toBe(1);
  });
});

describe("content that cannot be read", () => {
  const folder = "/tmp/kit-upload-guards";
  let record = "";
  beforeAll(async () => {
    record = String((await incident()).number);
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}/real.txt`, "real");
    await symlink("/etc/hostname", `${folder}/outside.txt`);
    await symlink(`${folder}/real.txt`, `${folder}/inside.txt`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const up = (values: Row) => run(uploadAttachment, { table: "incident", record, ...values });

  it.each([
    [
      "a file that is not there",
      { file: "/tmp/kit-nope.txt" },
      /File: there is no file \/tmp\/kit-nope\.txt/,
    ],
    ["a folder", { file: folder }, /File: \/tmp\/kit-upload-guards is a folder/],
    ["a link to a file outside", { file: `${folder}/outside.txt` }, /below \/tmp/],
    ["an address that is not of the web", { file: "ftp://example.com/a.txt" }, /URL.*path below \/tmp/],
    ["two words as Base64", { base64: "hello world", fileName: "a.bin" }, /not valid Base64/],
    ["Base64 that is cut off", { base64: "aGVsbG8gd29ybGQhI", fileName: "a.bin" }, /not valid Base64/],
  ])("%s is named, and nothing is attached", async (_what, values, message) => {
    const before = await total("sys_attachment");
    await expect(up(values)).rejects.toThrow(message);
    expect(await total("sys_attachment")).toBe(before);
  });

  it("an address that breaks off is at fault itself, not the instance", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half", () => setImmediate(() => response.destroy()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const file = `http://127.0.0.1:${(server.address() as AddressInfo).port}/report.pdf`;
    const before = await total("sys_attachment");
    const attempt = up({ file }).finally(() => server.close());
    await expect(attempt).rejects.toThrow(/The file at 127\.0\.0\.1:\d+\/report\.pdf broke off/);
    expect(await total("sys_attachment")).toBe(before);
  });

  it("links within the folder, and Base64 in lines or without its padding, are taken", async () => {
    expect((await up({ file: `${folder}/inside.txt` })).result).toMatchObject({ file_name: "inside.txt" });
    for (const base64 of ["aGVs\r\nbG8=\n", "aGVsbG8", "data:text/plain;base64,aGVsbG8="]) {
      const { result } = await up({ base64, fileName: "b.bin" });
      expect(Number(toRow(result).size_bytes)).toBe(5);
    }
  });
});
