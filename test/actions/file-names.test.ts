import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import downloadAttachment from "../../actions/download-attachment/download-attachment";
import exportRecords from "../../actions/export-records/export-records";
import uploadAttachment from "../../actions/upload-attachment/upload-attachment";
import { useInstance } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, total } = useInstance();
const made = new Set<string>();
afterAll(() => Promise.all([...made].map((path) => rm(path, { force: true }))));

const pathOf = async (attempt: ReturnType<typeof run>) => {
  const { path } = (await attempt).result as { path: string };
  made.add(path);
  return path;
};
const table = "incident";
const exported = (query: string, fileName?: string) =>
  pathOf(run(exportRecords, { table, query, format: "json", ...(fileName ? { fileName } : {}) }));
const rowsIn = async (path: string) => toRows(JSON.parse(await readFile(path, "utf8"))).length;

describe("files of steps that run at once", () => {
  it("hold the rows of their own query, each under a name of its own", async () => {
    const queries = ["active=true", "active=false", "active=true^priority=1"];
    const paths = await Promise.all(queries.map((query) => exported(query)));
    expect(new Set(paths).size).toBe(queries.length);
    for (const [place, query] of queries.entries())
      expect(await rowsIn(paths[place] ?? "")).toBe(await total(table, query));
  });

  it("are whole where both were given one name", async () => {
    const fileName = "kit-same-name.json";
    const paths = await Promise.all(
      ["active=true", "active=false"].map((query) => exported(query, fileName)),
    );
    expect(paths).toEqual([`/tmp/${fileName}`, `/tmp/${fileName}`]);
    const counts = [await total(table, "active=true"), await total(table, "active=false")];
    expect(counts).toContain(await rowsIn(`/tmp/${fileName}`));
  });
});

describe("downloads of files with one name", () => {
  it("do not overwrite each other; a name that was asked for does", async () => {
    const record = toRow(
      (await run(createTableRecord, { table, recordData: { short_description: "x" } })).result,
    ).number;
    const upload = async (text: string) =>
      toRow((await run(uploadAttachment, { table, record, text, fileName: "kit-image001.txt" })).result)
        .sys_id;
    const [first, second] = [await upload("first"), await upload("second")];
    const paths = await Promise.all(
      [first, second].map((attachment) => pathOf(run(downloadAttachment, { attachment }))),
    );
    for (const path of paths) expect(path).toMatch(/^\/tmp\/kit-image001(-[0-9a-f]{8})?\.txt$/);
    expect(paths[0]).not.toBe(paths[1]);
    expect(await Promise.all(paths.map((path) => readFile(path, "utf8")))).toEqual(["first", "second"]);
    const given = "kit-given.txt";
    await pathOf(run(downloadAttachment, { attachment: first, fileName: given }));
    expect(await pathOf(run(downloadAttachment, { attachment: second, fileName: given }))).toBe(
      `/tmp/${given}`,
    );
    expect(await readFile(`/tmp/${given}`, "utf8")).toBe("second");
  });
});

it("a step that fails leaves no file behind", async () => {
  const folder = await mkdtemp("/tmp/kit-taken.json");
  await writeFile(`${folder}/inside`, "");
  const attempt = exported("active=true", folder.slice("/tmp/".length));
  await expect(attempt.finally(() => rm(folder, { recursive: true }))).rejects.toThrow(/folder/);
  expect((await readdir("/tmp")).filter((name) => name.startsWith("kit-taken"))).toEqual([]);
});
