import { join } from "node:path";
import { ESLint } from "eslint";

jest.setTimeout(120_000);
const root = join(__dirname, "../..");
const eslint = new ESLint({ cwd: root });

/** What the rules say about code at this place; `file` is one that is there. */
async function findings(code: string, file: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  const rules = [
    "@typescript-eslint/no-restricted-imports",
    "no-restricted-globals",
    "no-restricted-properties",
  ];
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId !== null && rules.includes(ruleId))
    .map(({ message }) => message);
}

describe("A connection outside of the dialer is refused by lint", () => {
  it.each([
    `await fetch("http://example.com");`,
    `await globalThis.fetch("http://example.com");`,
    `new WebSocket("ws://example.com");`,
    `import { request } from "node:http"; request("http://example.com");`,
    `import https from "https"; https.get("https://example.com");`,
    `import { connect } from "node:net"; connect(80);`,
    `import * as tls from "node:tls"; tls.connect(443);`,
    `import { createSocket } from "node:dgram"; createSocket("udp4");`,
    `import { request } from "undici"; await request("http://example.com");`,
  ])("%s", async (code) => {
    expect(await findings(code, "host/src/server.ts")).toEqual([
      expect.stringContaining("Connections are made by host/src/outbound/"),
    ]);
    expect(await findings(code, "host/src/db/queue.ts")).toHaveLength(1);
  });

  it("lets types and looks at addresses pass, and the dialer", async () => {
    expect(
      await findings(
        `import type { Socket } from "node:net"; import { isIP } from "node:net"; export const x = (s: Socket) => isIP(String(s));`,
        "host/src/server.ts",
      ),
    ).toEqual([]);
    expect(
      await findings(`import { connect } from "node:net"; connect(80);`, "host/src/outbound/dial.ts"),
    ).toEqual([]);
    expect(await findings(`import PgBoss from "pg-boss"; new PgBoss();`, "host/src/server.ts")).toHaveLength(
      1,
    );
  });
});
