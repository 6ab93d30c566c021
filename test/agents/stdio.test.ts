import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { startHost, temporaryFolder, type TestHost } from "../host/host";
import { call, toolsOf } from "./mcp-client";

const root = join(__dirname, "../..");
const dataDir = temporaryFolder();
const env = { COMPONENT_PACKAGES: join(__dirname, "fixtures") };
let host: TestHost;
beforeAll(async () => void (host = await startHost({ dataDir, env })));
afterAll(async () => {
  await host.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** As a client's configuration starts it: the command of the README, with the token file alone. */
const command = (...args: string[]): { command: string; args: string[]; cwd: string } => ({
  command: process.execPath,
  args: [join(root, "scripts/run.mjs"), "mcp", "--token-file", join(dataDir, "credentials.json"), ...args],
  cwd: root,
});

test("over stdin and stdout the same tools answer, also after the host was started again", async () => {
  const client = new Client({ name: "stdio test", version: "1" });
  await client.connect(new StdioClientTransport(command("--mode", "tools", "--tools", "agents-slow")));
  try {
    expect((await toolsOf(client)).map(({ name }) => name)).toEqual([
      "agents-slow",
      "describe_action",
      "find_choices",
      "read_result",
    ]);
    expect((await call(client, "agents-slow", { seconds: 0 })).data.result).toBe("over");
    await host.kill();
    const away = client.callTool({ name: "agents-slow", arguments: { seconds: 0 } });
    await expect(away).rejects.toThrow(/does not answer/);
    host = await startHost({ dataDir, env, port: new URL(host.url).port });
    expect((await call(client, "agents-slow", { seconds: 0 })).data.result).toBe("over");
  } finally {
    await client.close();
  }
});

test("a wrong token file and an address without a host are told in words", async () => {
  const failing = promisify(execFile)(process.execPath, [
    join(root, "host/dist/mcp.mjs"),
    "--token-file",
    join(dataDir, "nothing.json"),
  ]);
  await expect(failing).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("is not the host's token file"),
  });
});

describe("the inspector's command line", () => {
  const inspector = join(root, "node_modules/@modelcontextprotocol/inspector-cli/build/cli.js");

  /** What the inspector prints, which is JSON. */
  async function inspect(...args: string[]): Promise<unknown> {
    const { stdout } = await promisify(execFile)(process.execPath, [inspector, "--cli", ...args], {
      cwd: dirname(inspector),
    });
    return JSON.parse(stdout);
  }

  test("lists and calls tools over HTTP", async () => {
    const address = `${host.url}/mcp?mode=tools&tools=agents-slow`;
    const http = [address, "--transport", "http", "--header", `authorization: Bearer ${host.token}`];
    const { tools } = (await inspect(...http, "--method", "tools/list")) as { tools: { name: string }[] };
    expect(tools[0]).toMatchObject({ name: "agents-slow" });
    const answer = (await inspect(
      ...http,
      ...["--method", "tools/call", "--tool-name", "agents-slow", "--tool-arg", "seconds=0"],
    )) as CallToolResult;
    expect(answer.structuredContent).toMatchObject({ result: "over" });
  });

  test("lists tools over stdio", async () => {
    const { command: node, args } = command();
    const { tools } = (await inspect(node, ...args, "--method", "tools/list")) as {
      tools: { name: string }[];
    };
    expect(tools.map(({ name }) => name)).toContain("search_actions");
  });
});
