import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachments, createClient, downloadToFile, type ServiceNow } from "../../../common";
import { httpServer } from "../stub";

const ID = "0123456789abcdef0123456789abcdef";
const PAGE = `<html><title>Instance Hibernating</title>${" ".repeat(60_000)}</html>`;

async function answering(
  headers: Record<string, string>,
): Promise<{ client: ServiceNow; close: () => unknown }> {
  const { url, close } = await httpServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html;charset=UTF-8", ...headers }).end(PAGE);
  });
  return { client: createClient({ instance: url, auth: { type: "token", token: "t" } }), close };
}

describe("a sleeping instance answers a download with its page", () => {
  const ways: Array<[string, (client: ServiceNow, folder: string) => Promise<unknown>]> = [
    ["download", (client) => attachments(client).download(ID)],
    ["stream", (client) => attachments(client).stream(ID)],
    ["downloadToFile", (client, folder) => downloadToFile(client, ID, folder)],
    ["a call for bytes", (client) => client.request({ path: "/api/x/file", responseType: "bytes" })],
    ["a call for text", (client) => client.request({ path: "/api/x/file", responseType: "text" })],
    ["a call for a stream", (client) => client.request({ path: "/api/x/file", responseType: "stream" })],
  ];
  it.each(ways)("%s says so instead of giving the page as the file", async (_name, ask) => {
    const folder = await mkdtemp(join(tmpdir(), "page-"));
    const { client, close } = await answering({});
    await expect(ask(client, folder)).rejects.toMatchObject({ kind: "hibernating" });
    expect(await readdir(folder)).toEqual([]);
    await close();
  });

  it.each<Record<string, string>>([
    { "x-attachment-metadata": JSON.stringify({ file_name: "a.html" }) },
    { "content-disposition": 'attachment; filename="a.html"' },
  ])("a page that is attached is a file like any other: %j", async (headers) => {
    const { client, close } = await answering(headers);
    const file = await attachments(client).download(ID);
    expect(file).toMatchObject({ name: "a.html", contentType: "text/html" });
    expect(file.body).toHaveLength(PAGE.length);
    await close();
  });
});
