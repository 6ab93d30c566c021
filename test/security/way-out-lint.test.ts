import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

jest.setTimeout(240_000);
const root = join(__dirname, "../..");
const folder = join(root, "host/src/__way_out_probe__");
const REFUSED = [
  `await fetch("http://example.com");`,
  `await globalThis.fetch("http://example.com");`,
  `new WebSocket("ws://example.com");`,
  `import { request } from "node:http"; request("http://example.com");`,
  `import https from "https"; https.get("https://example.com");`,
  `import { connect } from "node:net"; connect(80);`,
  `import * as tls from "node:tls"; tls.connect(443);`,
  `import { createSocket } from "node:dgram"; createSocket("udp4");`,
  `import { request } from "undici"; await request("http://example.com");`,
];
const ALLOWED = `import type { Socket } from "node:net"; import { isIP } from "node:net"; export const x = (s: Socket) => isIP(String(s));`;
const DIALER = "Connections are made by host/src/outbound/";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("lint refuses a connection outside of the dialer, and lets types and looks at addresses pass", () => {
  mkdirSync(folder, { recursive: true });
  const files = [...REFUSED, ALLOWED].map((code, index) => {
    const file = join(folder, `probe-${index}.ts`);
    writeFileSync(file, `${code}\n`);
    return file;
  });
  const run = spawnSync(
    process.execPath,
    [join(root, "node_modules/eslint/bin/eslint.js"), "--format", "json", ...files],
    { cwd: root, encoding: "utf8", timeout: 220_000 },
  );
  const results = JSON.parse(run.stdout) as { messages: { message: string }[] }[];
  const found = results.map(
    ({ messages }) => messages.filter(({ message }) => message.includes(DIALER)).length,
  );
  expect(found).toEqual([...REFUSED.map(() => 1), 0]);
});
