import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import dns from "node:dns";
import { AddressRule, readNetworks } from "../../host/src/outbound/address-rule";
import { Outbound } from "../../host/src/outbound/outbound";

const LIMITS = { timeoutMs: 5000, maxBytes: 1_000_000 };
const rule = new AddressRule([]);

describe("The rule for addresses", () => {
  it.each([
    ["127.0.0.1", "loopback"],
    ["127.8.9.10", "loopback"],
    ["::1", "loopback"],
    ["0.0.0.0", "loopback"],
    ["::", "loopback"],
    ["10.1.2.3", "private"],
    ["172.31.255.255", "private"],
    ["192.168.0.1", "private"],
    ["fd00::1", "private"],
    ["fc00:1::1", "private"],
    ["100.64.0.1", "private"],
    ["169.254.169.254", "link-local"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local"],
    ["224.0.0.1", "multicast"],
    ["ff02::1", "multicast"],
    ["255.255.255.255", "multicast"],
    ["240.0.0.1", "reserved"],
    ["192.0.2.1", "reserved"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:a9fe:a9fe", "link-local"],
    ["64:ff9b::10.0.0.1", "private"],
    ["64:ff9b::7f00:1", "loopback"],
    ["2002:7f00:1::", "reserved"],
    ["not an address", "unreadable"],
  ])("refuses %s as %s", (address, kind) => {
    expect(rule.refusal(address, 443)).toBe(kind);
  });

  it.each([
    "8.8.8.8",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "172.32.0.1",
    "11.0.0.1",
  ])("lets %s be reached", (address) => {
    expect(rule.refusal(address, 443)).toBeUndefined();
  });

  it("opens what ALLOWED_NETWORKS names, one port or all, and nothing beside it", () => {
    const open = new AddressRule(
      readNetworks("10.0.0.0/8, 192.168.1.20, 127.0.0.1:3001, [::1]:3001, fd00::/8"),
    );
    const isOpen = (address: string, port: number): boolean => open.refusal(address, port) === undefined;
    expect(isOpen("10.200.0.1", 1)).toBe(true);
    expect(isOpen("192.168.1.20", 80)).toBe(true);
    expect(isOpen("192.168.1.21", 80)).toBe(false);
    expect(isOpen("127.0.0.1", 3001)).toBe(true);
    expect(isOpen("127.0.0.1", 3000)).toBe(false);
    expect(isOpen("127.0.0.2", 3001)).toBe(false);
    expect(isOpen("::ffff:127.0.0.1", 3001)).toBe(true);
    expect(isOpen("::1", 3001)).toBe(true);
    expect(isOpen("::1", 3002)).toBe(false);
    expect(isOpen("fd12::1", 1)).toBe(true);
  });

  it.each(["10.0.0.0/33", "everything", "127.0.0.1:0", "127.0.0.1:99999", "10.0.0.0/8/8", "*"])(
    "does not start with %s in ALLOWED_NETWORKS",
    (text) => {
      expect(() => readNetworks(text)).toThrow(`ALLOWED_NETWORKS has "${text}"`);
    },
  );
});

describe("The way out", () => {
  let server: Server;
  let port: number;
  let hits: string[];
  beforeAll(async () => {
    server = createServer((request, response) => {
      hits.push(request.url ?? "");
      const to = new URL(request.url ?? "", "http://x").searchParams.get("to");
      if (to) return void response.writeHead(302, { location: to }).end();
      if (request.url === "/bomb")
        return void response
          .writeHead(200, { "content-encoding": "gzip" })
          .end(gzipSync(Buffer.alloc(50_000_000)));
      if (request.url === "/long") return void response.end(Buffer.alloc(2_000_000));
      if (request.url === "/slow") return void response.write("…");
      response.end("reached");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => (hits = []));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    "http://127.0.0.1:PORT/",
    "http://localhost:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://0.0.0.0:PORT/",
    "http://①②⑦.0.0.1:PORT/",
    "http://user:pass@127.0.0.1:PORT/",
  ])("does not lead to %s", async (url) => {
    const outbound = new Outbound();
    await expect(outbound.fetch(url.replace("PORT", String(port)), {}, LIMITS)).rejects.toMatchObject({
      name: "HostError",
      status: 403,
      message: expect.stringContaining("ALLOWED_NETWORKS") as string,
    });
    expect(hits).toEqual([]);
    await outbound.close();
  });

  it("checks the target of a redirect like the first address", async () => {
    const other = createServer((_, response) => response.end("inner page"));
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const inner = (other.address() as AddressInfo).port;
    const outbound = new Outbound(readNetworks(`127.0.0.1:${port}`));
    const to = (target: string): Promise<Response> =>
      outbound.fetch(`http://127.0.0.1:${port}/?to=${encodeURIComponent(target)}`, {}, LIMITS);
    await expect(to(`http://127.0.0.1:${inner}/`)).rejects.toMatchObject({ status: 403 });
    await expect(to(`http://localhost:${inner}/`)).rejects.toMatchObject({ status: 403 });
    expect(await (await to(`http://127.0.0.1:${port}/end`)).text()).toBe("reached");
    await outbound.close();
    other.close();
  });

  it("connects to the very address that was checked, when the name changes in between", async () => {
    const answers = ["93.184.216.34", "127.0.0.1"];
    const asked: string[] = [];
    const spy = jest.spyOn(dns, "lookup").mockImplementation(((
      name: string,
      _: unknown,
      done: (error: null, list: object[]) => void,
    ) => {
      asked.push(name);
      done(null, [{ address: answers.shift() ?? "127.0.0.1", family: 4 }]);
    }) as never);
    const outbound = new Outbound();
    const limits = { timeoutMs: 700, maxBytes: 1000 };
    await expect(outbound.fetch(`http://changing.example:${port}/`, {}, limits)).rejects.toThrow(
      "fetch failed",
    );
    expect(asked).toEqual(["changing.example"]);
    await expect(outbound.fetch(`http://changing.example:${port}/`, {}, limits)).rejects.toMatchObject({
      status: 403,
    });
    expect(hits).toEqual([]);
    spy.mockRestore();
    await outbound.close();
  });

  it("reads no answer beyond its length, packed or not, and waits no longer than it may", async () => {
    const outbound = new Outbound(readNetworks("127.0.0.0/8"));
    const get = (path: string, limits = LIMITS): Promise<string> =>
      outbound.fetch(`http://127.0.0.1:${port}${path}`, {}, limits).then((answer) => answer.text());
    await expect(get("/long")).rejects.toThrow("longer than the 1 MB that are read");
    await expect(get("/bomb")).rejects.toThrow("longer than the 1 MB that are read");
    await expect(get("/slow", { timeoutMs: 300, maxBytes: 1000 })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    expect(await get("/")).toBe("reached");
    await outbound.close();
  });
});
