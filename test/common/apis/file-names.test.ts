import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { attachments, createClient, downloadToFile } from "../../../common";
import { stubTransport } from "../stub";

/** A client whose instance has one file, with what it says of it. */
const clientOf = (metadata: Record<string, unknown>) =>
  createClient({
    instance: "dev1",
    auth: { type: "none" },
    transport: stubTransport(() => ({
      headers: {
        "content-type": "text/plain",
        "x-attachment-metadata": JSON.stringify({ sys_id: "1", content_type: "text/plain", ...metadata }),
      },
      text: "hello",
    })),
  });

describe("B14: what an instance says of a file", () => {
  it.each([
    ["..", "attachment"],
    [".", "attachment"],
    ["", "attachment"],
    ["\u0000", "attachment"],
    ["a\u0000b.txt", "ab.txt"],
    ["../../etc/passwd", "passwd"],
    ["..\\..\\x.txt", "x.txt"],
    ["c/..", "attachment"],
  ])("a file called %j lies in the folder", async (file_name, name) => {
    const folder = mkdtempSync(join(tmpdir(), "names-"));
    try {
      const { path } = await downloadToFile(clientOf({ file_name, size_bytes: "5" }), "1", folder);
      expect(dirname(path)).toBe(folder);
      expect(readdirSync(folder)).toEqual([name]);
      expect(readFileSync(path, "utf8")).toBe("hello");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([["4"], ["99999999999"], ["6"]])(
    "a size of %s that is not the file's is an error",
    async (size_bytes) => {
      await expect(attachments(clientOf({ file_name: "a", size_bytes })).download("1")).rejects.toMatchObject(
        {
          kind: "cut-off",
        },
      );
    },
  );

  it.each([["-1"], ["abc"], ["1e400"], [null]])("a size of %s counts as not told", async (size_bytes) => {
    const { body } = await attachments(clientOf({ file_name: "a", size_bytes })).download("1");
    expect(new TextDecoder().decode(body)).toBe("hello");
  });
});
