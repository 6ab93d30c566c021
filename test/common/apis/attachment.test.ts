import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { axios as platformAxios } from "@pipedream/platform";
import axios from "axios";
import {
  attachments,
  axiosTransport,
  createClient,
  downloadToFile,
  platformTransport,
  uploadFile,
  type AnyRow,
  type PlatformAxios,
} from "../../../common";
import { httpServer, stubClient, stubTransport } from "../stub";
import { failureOf, useInstance } from "./support";

const { as, instance } = useInstance();
let incident: AnyRow;
let folder: string;

beforeAll(async () => {
  incident = await as().table("incident").create({ short_description: "with files" });
  folder = mkdtempSync(join(tmpdir(), "attachment-test-"));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const target = () => ({ table: "incident", record: incident });
const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) % 256);
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of buffers that are still held by something: what was let go of is collected first. */
function livingBytes(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

const streamOf = (chunks: Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

it("PS-39 PS-42: bytes come back unchanged, with the type found by the name", async () => {
  const files = attachments(as());
  const content = bytes(300_000);
  const made = await files.upload(target(), { name: "Übersicht & mehr.pdf", content });
  expect(made).toMatchObject({
    file_name: "Übersicht & mehr.pdf",
    content_type: "application/pdf",
    size_bytes: "300000",
    table_name: "incident",
    table_sys_id: incident.sys_id,
  });
  const back = await files.download(made);
  expect(back).toMatchObject({ name: "Übersicht & mehr.pdf", contentType: "application/pdf", size: 300_000 });
  expect(Buffer.compare(Buffer.from(back.body), Buffer.from(content))).toBe(0);
});

it("PS-39: a stream, a text and a Blob go up as well as bytes", async () => {
  const files = attachments(as());
  const contents = [streamOf([bytes(70_000), bytes(5)]), "plain text ✓", new Blob([bytes(10)])];
  const sizes = [];
  for (const content of contents)
    sizes.push((await files.upload(target(), { name: "a.bin", content })).size_bytes);
  expect(sizes).toEqual(["70005", "14", "10"]);
});

it("PS-39: a file of the disk goes up and comes down as a stream, and a broken download leaves nothing", async () => {
  const client = as();
  const path = join(folder, "report.csv");
  writeFileSync(path, bytes(1_000_000));
  const made = await uploadFile(client, target(), path);
  expect(made).toMatchObject({ file_name: "report.csv", content_type: "text/csv", size_bytes: "1000000" });
  const down = join(folder, "down.csv");
  expect(await downloadToFile(client, made, down)).toEqual({ path: down, size: 1_000_000 });
  const hash = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
  expect(hash(down)).toBe(hash(path));
  await failureOf(downloadToFile(client, made, join(folder, "small.csv"), { maxBytes: 10 }));
  expect(readdirSync(folder).sort()).toEqual(["down.csv", "report.csv"]);
  for (const none of [join(folder, "none.csv"), folder])
    expect(await failureOf(uploadFile(client, target(), none))).toMatchObject({ kind: "usage" });
});

it("PS-40, PS-62: the same as true form data, also from a stream", async () => {
  const files = attachments(as());
  const one = await files.uploadMultipart(target(), { name: "form.txt", content: "in a form" });
  const two = await files.uploadMultipart(target(), { name: "form.bin", content: streamOf([bytes(20_000)]) });
  expect([one.size_bytes, two.size_bytes, two.file_name]).toEqual(["9", "20000", "form.bin"]);
  expect(new TextDecoder().decode((await files.download(one)).body)).toBe("in a form");
});

it("PS-38: lists those of a record page by page, and obeys its limit", async () => {
  const files = attachments(as());
  const record = await as().table("incident").create({ short_description: "many files" });
  for (let at = 0; at < 7; at++)
    await files.upload({ table: "incident", record }, { name: `${at}.txt`, content: "x" });
  const names = new Set<string>();
  for await (const page of files.pages({ table: "incident", record, pageSize: 3 }))
    for (const file of page.rows) names.add(file.file_name);
  expect(names.size).toBe(7);
  const some = await files.list({ table: "incident", record, max: 5 });
  expect(some.rows).toHaveLength(5);
  expect(some).toMatchObject({ total: 7, complete: false, stoppedAt: "max" });
  const named = await files.list({ table: "incident", record, query: "file_name=3.txt" });
  expect(named.rows.map((file) => file.file_name)).toEqual(["3.txt"]);
});

it("PS-41 PS-35: renames, copies, finds by name and deletes", async () => {
  const files = attachments(as());
  const made = await files.upload(target(), { name: "old.txt", content: "content" });
  await files.rename(made, "new.txt");
  expect((await files.get(made)).file_name).toBe("new.txt");
  const other = await as().table("incident").create({ short_description: "copy" });
  expect((await files.copy(made, { table: "incident", record: other })).table_sys_id).toBe(other.sys_id);
  const found = await files.streamByName(other, "new.txt");
  expect(found.size).toBe(7);
  await found.body.cancel();
  await files.delete(made);
  expect(await failureOf(files.get(made))).toMatchObject({ kind: "not-found" });
  expect(await failureOf(files.delete(made))).toMatchObject({ kind: "not-found" });
});

it("takes a file from an address, without the account and without keeping it in memory", async () => {
  let seen: unknown;
  const server = await httpServer((request, response) => {
    seen = request.headers.authorization;
    if (request.url === "/gone") return response.writeHead(404).end("no");
    return response.writeHead(200, { "content-type": "image/png; charset=binary" }).end(bytes(5000));
  });
  const files = attachments(as());
  const made = await files.uploadFromUrl(target(), `${server.url}/pictures/cat%20one.png`);
  expect(made).toMatchObject({ file_name: "cat one.png", content_type: "image/png", size_bytes: "5000" });
  expect(seen).toBeUndefined();
  const gone = await failureOf(files.uploadFromUrl(target(), `${server.url}/gone`));
  expect(gone.message).toMatch(/the answer was 404/);
  expect(await failureOf(files.uploadFromUrl(target(), "file:///etc/passwd"))).toMatchObject({
    kind: "usage",
  });
  await server.close();
});

it("names and sizes that cannot be right are refused before a request", async () => {
  const transport = stubTransport(() => ({ json: { result: {} } }));
  const files = attachments(stubClient(transport).client);
  for (const name of ["", " ", "../etc/passwd", "a\\b", "..", "a\nb", "x".repeat(256)])
    expect(await failureOf(files.upload(target(), { name, content: "x" }))).toMatchObject({ kind: "usage" });
  const large = files.upload(target(), { name: "a.txt", content: bytes(11) }, { maxBytes: 10 });
  expect((await failureOf(large)).message).toMatch(/11 bytes.*10 is the most/);
  expect(transport.requests).toHaveLength(0);
});

it("PS-43: only a record of a table has attachments", async () => {
  const files = attachments(as());
  expect(
    await failureOf(files.upload({ table: "incident/x", record: incident }, { name: "a", content: "" })),
  ).toMatchObject({
    kind: "usage",
  });
  expect(await failureOf(files.list({ record: incident }))).toMatchObject({ kind: "usage" });
});

it("a stream that grows beyond the limit stops, and the error says why", async () => {
  const endless = streamOf(Array.from({ length: 50 }, () => bytes(10_000)));
  const upload = attachments(as()).upload(
    target(),
    { name: "big.bin", content: endless },
    { maxBytes: 100_000 },
  );
  expect((await failureOf(upload)).message).toMatch(/more than 100000 bytes/);
});

it.each([
  ["axios", () => axiosTransport(axios)],
  ["the platform's axios", () => platformTransport(platformAxios as PlatformAxios, {})],
])("bytes and streams pass %s unchanged", async (_name, transport) => {
  const auth = { type: "basic", username: "admin", password: "admin" } as const;
  const client = createClient({ instance: instance.url, auth, transport: transport() });
  const files = attachments(client);
  for (const content of [bytes(100_000), streamOf([bytes(60_000), bytes(40_000)])]) {
    const made = await files.upload(target(), { name: "through.bin", content });
    expect(made.size_bytes).toBe("100000");
    const back = await files.download(made);
    const sent = content instanceof Uint8Array ? content : Buffer.concat([bytes(60_000), bytes(40_000)]);
    expect(Buffer.compare(Buffer.from(back.body), Buffer.from(sent))).toBe(0);
  }
});

it("a download that ends early is an error and never a shorter file", async () => {
  const transport = stubTransport(() => ({
    text: "only this",
    headers: {
      "content-type": "text/plain",
      "x-attachment-metadata": JSON.stringify({
        file_name: "a.txt",
        size_bytes: "500",
        content_type: "text/plain",
      }),
    },
  }));
  const cut = await failureOf(attachments(stubClient(transport).client).download("a".repeat(32)));
  expect(cut).toMatchObject({ kind: "cut-off" });
  expect(cut.message).toMatch(/9 of 500 bytes/);
});

it("a file of 60 MB goes up and comes down without ever lying in memory", async () => {
  const files = attachments(as());
  const chunk = bytes(1024 * 1024);
  const before = livingBytes();
  let peak = 0;
  const look = () => (peak = Math.max(peak, livingBytes() - before));
  let left = 60;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left % 6 === 0) look();
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const made = await files.upload(target(), { name: "large.bin", content: stream });
  expect(made.size_bytes).toBe(String(60 * 1024 * 1024));
  const { body } = await files.stream(made);
  let size = 0;
  let looks = 0;
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size <= looks * 6 * 1024 * 1024) continue;
    look();
    looks++;
  }
  expect(size).toBe(60 * 1024 * 1024);
  expect(looks).toBe(10);
  expect(peak).toBeLessThan(16 * 1024 * 1024);
}, 120_000);

it("a second file of the same name does not overwrite the first in a folder", async () => {
  const files = attachments(as());
  const place = mkdtempSync(join(folder, "same-"));
  const made = [];
  for (const content of ["one", "two", "three"])
    made.push(await files.upload(target(), { name: "same.txt", content }));
  const written = await Promise.all(made.map((file) => downloadToFile(as(), file, place)));
  expect(written.map(({ path }) => readFileSync(path, "utf8"))).toEqual(["one", "two", "three"]);
  expect(readdirSync(place).sort()).toEqual(["same (2).txt", "same (3).txt", "same.txt"]);
});

it("a place that cannot be written to is told in words", async () => {
  const file = await attachments(as()).upload(target(), { name: "a.txt", content: "x" });
  for (const place of [join(folder, "no", "such", "folder.txt"), join(folder, "n".repeat(300))])
    expect(await failureOf(downloadToFile(as(), file, place))).toMatchObject({
      kind: "usage",
      message: expect.stringMatching(/cannot be written to .* \((ENOENT|ENAMETOOLONG)\)/),
    });
});

it("what is no content is refused before a request, and every kind of bytes is taken", async () => {
  const files = attachments(as());
  const wrong: unknown[] = [Readable.from(["a"]), 5, null, () => Readable.from(["a"])];
  for (const content of wrong)
    expect(
      await failureOf(files.upload(target(), { name: "a.txt", content: content as string })),
    ).toMatchObject({ kind: "usage" });
  const made = await files.upload(target(), { name: "a.bin", content: Uint16Array.of(258, 772) });
  expect([...(await files.download(made)).body]).toEqual([2, 1, 4, 3]);
});
