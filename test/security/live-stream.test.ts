import { connect, type Socket } from "node:net";
import { duringTests } from "../helpers/instance";
import { startHost, until } from "../host/host";
import { signedInPage } from "../host/callers";
import { send } from "../host/raw";

const host = duringTests(startHost);

/** Opens the stream over a bare socket, so that the test decides whether it is read. */
function openStream(cookie: string): { socket: Socket; head: Promise<string> } {
  const { hostname, port, host: name } = new URL(host.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /api/stream HTTP/1.1\r\nhost: ${name}\r\ncookie: ${cookie}\r\n\r\n`);
  const head = new Promise<string>((resolve, reject) => {
    socket.once("data", (data) => resolve(data.toString()));
    socket.once("error", reject);
  });
  return { socket, head };
}

test("one session has twenty streams, and a closed one makes room", async () => {
  const { cookie } = await signedInPage(host);
  const streams = Array.from({ length: 20 }, () => openStream(cookie));
  for (const { head } of streams) expect(await head).toMatch(/^HTTP\/1\.1 200/);
  const refused = await send(host.url, "GET", "/api/stream", { cookie });
  expect([refused.status, refused.body]).toEqual([429, expect.stringContaining("20 live streams")]);
  streams[0]?.socket.destroy();
  await until("there is room again", async () => {
    const again = openStream(cookie);
    const isOpen = (await again.head).startsWith("HTTP/1.1 200");
    again.socket.destroy();
    return isOpen;
  });
  for (const { socket } of streams) socket.destroy();
});

test("a HEAD request at the stream does not hang", async () => {
  const { cookie } = await signedInPage(host);
  expect((await send(host.url, "HEAD", "/api/stream", { cookie })).status).toBe(404);
});

test("a body that does not arrive is not waited for", async () => {
  const { hostname, port, host: name } = new URL(host.url);
  const socket = connect(Number(port), hostname);
  socket.write(`POST /v1/oauth/token HTTP/1.1\r\nhost: ${name}\r\nx-slow: `);
  let said = "";
  socket.on("data", (data) => (said += data.toString()));
  const began = Date.now();
  await new Promise((closed) => socket.once("close", closed));
  expect(said).toMatch(/^HTTP\/1\.1 408/);
  expect(Date.now() - began).toBeLessThan(40_000);
});
