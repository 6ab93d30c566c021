import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Answer } from "./served";

const instance = duringTests(serve);
let record: string;
beforeAll(async () => {
  record = String((await instance.call("POST", "/api/now/table/incident", {})).result.sys_id);
});

const base = "/api/now/attachment";

function upload(name: string, user?: string, more = ""): Promise<Answer> {
  const asked = new URLSearchParams({ table_name: "incident", table_sys_id: record, file_name: name });
  return instance.call("POST", `${base}/file?${asked}${more}`, "content", user);
}
async function uploaded(name: string): Promise<string> {
  return String((await upload(name)).result.sys_id);
}

describe("every call of the table", () => {
  test("POST file answers 201 with the whole metadata, all texts, and where the file is", async () => {
    const answer = await upload("a.txt");
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toBe(
      `${instance.url}${base}/${String(answer.result.sys_id)}/file`,
    );
    expect(Object.keys(answer.result).sort()).toEqual(
      (
        "table_sys_id size_bytes download_link sys_updated_on sys_id image_height sys_created_on file_name sys_created_by compressed " +
        "average_image_color sys_updated_by sys_tags table_name image_width sys_mod_count content_type size_compressed chunk_size_bytes " +
        "hash state created_by_name updated_by_name"
      )
        .split(" ")
        .sort(),
    );
    expect(Object.values(answer.result).every((value) => typeof value === "string")).toBe(true);
    expect(answer.result).toMatchObject({
      chunk_size_bytes: "700000",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      state: "available",
      table_sys_id: record,
      created_by_name: "System Administrator",
    });
  });

  test("creation_time dates a file back", async () => {
    const answer = await upload("old.txt", "admin", "&creation_time=2020-02-03 04:05:06");
    expect(answer.result.sys_created_on).toBe("2020-02-03 04:05:06");
  });

  test("GET lists metadata by query, limit (1,000 unless told) and offset; GET by id gives one", async () => {
    const id = await uploaded("listed.txt");
    const names = async (query: string): Promise<unknown[]> =>
      (await instance.call("GET", `${base}?${query}`)).list.map((row) => row.file_name);
    expect(await names(`sysparm_query=sys_id=${id}`)).toEqual(["listed.txt"]);
    expect(await names(`sysparm_query=table_sys_id=${record}&sysparm_limit=1`)).toHaveLength(1);
    const all = await names(`sysparm_query=table_sys_id=${record}^ORDERBYfile_name`);
    expect(await names(`sysparm_query=table_sys_id=${record}^ORDERBYfile_name&sysparm_offset=1`)).toEqual(
      all.slice(1),
    );
    expect((await instance.call("GET", `${base}/${id}`)).result.file_name).toBe("listed.txt");
    expect((await instance.call("GET", `${base}/${"0".repeat(32)}`)).status).toBe(404);
  });

  test("PATCH renames with 204, DELETE answers 204, and what is gone is 404", async () => {
    const id = await uploaded("before.txt");
    const renamed = await instance.call("PATCH", `${base}/${id}`, { file_name: "after.txt" });
    expect([renamed.status, renamed.text]).toEqual([204, ""]);
    const byName = await instance.call("GET", `${base}/${record}/after.txt/file`);
    expect(byName.text).toBe("content");
    expect((await instance.call("PATCH", `${base}/${id}`, {})).status).toBe(400);
    expect((await instance.call("DELETE", `${base}/${id}`)).status).toBe(204);
    for (const path of [`${base}/${id}`, `${base}/${id}/file`, `${base}/${record}/after.txt/file`])
      expect((await instance.call("GET", path)).status).toBe(404);
  });

  test.each([
    ["POST", "", { colour: "red", size: "5" }, 201, { colour: "red", size: "5" }],
    ["POST", "/shape", { value: "round" }, 201, { colour: "red", size: "5", shape: "round" }],
    ["PUT", "", { colour: "blue" }, 200, { colour: "blue", size: "5", shape: "round" }],
    ["PUT", "/size", { size: "6" }, 200, { colour: "blue", size: "6", shape: "round" }],
    ["DELETE", "/shape", undefined, 204, { colour: "blue", size: "6" }],
    ["DELETE", "", undefined, 204, {}],
  ])("%s attributes%s answers as documented", async (method, path, body, status, left) => {
    attributed ??= await uploaded("attributed.txt");
    const answer = await instance.call(method, `${base}/${attributed}/attributes${path}`, body);
    expect(answer.status).toBe(status);
    expect((await instance.call("GET", `${base}/${attributed}/attributes`)).result).toEqual(left);
    const one = await instance.call("GET", `${base}/${attributed}/attributes/colour`);
    expect(one.status).toBe("colour" in left ? 200 : 404);
  });
  let attributed: string | undefined;

  test("what is missing is 400, a record that does not exist 404, an unknown table 400", async () => {
    for (const query of ["", "?table_name=incident", `?table_name=incident&table_sys_id=${record}`]) {
      const answer = await instance.call("POST", `${base}/file${query}`, "x");
      expect(answer.status).toBe(400);
      expect(errorOf(answer).detail).toContain("Missing required parameters");
    }
    const lost = await instance.call(
      "POST",
      `${base}/file?table_name=incident&table_sys_id=${"0".repeat(32)}&file_name=x`,
      "x",
    );
    expect(lost.status).toBe(404);
    expect(
      (await instance.call("POST", `${base}/file?table_name=nope&table_sys_id=${record}&file_name=x`, "x"))
        .status,
    ).toBe(400);
  });
});

describe("who may", () => {
  test("who may read the record reads its files, who may write it writes them", async () => {
    const id = await uploaded("shared.txt");
    expect((await instance.call("GET", `${base}/${id}`, undefined, "reader")).status).toBe(200);
    expect((await instance.call("GET", `${base}/${id}`, undefined, "case.agent")).status).toBe(404);
    const refusals: [Answer, string][] = [
      [await upload("mine.txt", "reader"), "Insert"],
      [await instance.call("PATCH", `${base}/${id}`, { file_name: "x" }, "reader"), "Update"],
      [await instance.call("PUT", `${base}/${id}/attributes`, { a: "b" }, "reader"), "Update"],
      [await instance.call("DELETE", `${base}/${id}`, undefined, "reader"), "Delete"],
    ];
    for (const [answer, operation] of refusals) {
      expect(answer.status).toBe(403);
      expect(errorOf(answer).detail).toBe(`ACL Exception ${operation} Failed due to security constraints`);
    }
    expect((await instance.call("DELETE", `${base}/${id}`, undefined, "itil")).status).toBe(204);
  });

  test("glide.attachment.role keeps the rest from attaching", async () => {
    const property = await instance.call("POST", "/api/now/table/sys_properties", {
      name: "glide.attachment.role",
      value: "change_manager",
    });
    expect((await upload("no.txt", "itil")).status).toBe(403);
    expect((await upload("yes.txt", "change.manager")).status).toBe(201);
    await instance.call("DELETE", `/api/now/table/sys_properties/${String(property.result.sys_id)}`);
    expect((await upload("yes.txt", "itil")).status).toBe(201);
  });

  test("extensions and the largest size are switches", async () => {
    await instance.control("PATCH", "config", { attachmentExtensions: "txt,csv" });
    expect((await upload("program.exe")).status).toBe(403);
    expect((await upload("fine.csv")).status).toBe(201);
    await instance.control("PATCH", "config", { attachmentMaxBytes: 5 });
    expect((await upload("long.txt")).status).toBe(413);
    await instance.control("PATCH", "config", {
      attachmentExtensions: "",
      attachmentMaxBytes: 1_073_741_824,
    });
    expect((await upload("program.exe")).status).toBe(201);
  });
});
