import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import { fixtures, startHost, type TestHost } from "../host/host";

/** A host with the components of these tests beside those of the host's own. */
export const startAgentHost = (): Promise<TestHost> =>
  startHost({ env: { COMPONENT_PACKAGES: `${fixtures},${join(__dirname, "fixtures")}` } });

/** The official client, connected to the host's MCP address with this query. */
export async function connectClient(
  host: Pick<TestHost, "url" | "token">,
  query = "",
  token = host.token,
): Promise<Client> {
  const client = new Client({ name: "test", version: "1.2.3" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${host.url}/mcp${query}`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  );
  return client;
}

export async function toolsOf(client: Client): Promise<Tool[]> {
  return (await client.listTools()).tools;
}

export interface Answer {
  /** The structured answer; empty for a failure. */
  data: Record<string, unknown>;
  text: string;
  isError: boolean;
}

export async function call(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Answer> {
  return answerOf((await client.callTool({ name, arguments: args })) as CallToolResult);
}

function answerOf({ structuredContent, content, isError }: CallToolResult): Answer {
  const [first] = content;
  return {
    data: structuredContent ?? {},
    text: first?.type === "text" ? first.text : "",
    isError: isError === true,
  };
}

/** An account of the fixtures' app. */
export async function connectedAccount(host: TestHost, user: string, name: string): Promise<string> {
  const { body } = await host.call<{ id: string }>("POST", `/v1/connect/accounts?external_user_id=${user}`, {
    app_slug: "conformance",
    name,
    cfmap_json: JSON.stringify({ api_key: `sekret-of-${user}`, user }),
  });
  return body.id;
}
