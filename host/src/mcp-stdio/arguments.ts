import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { readAddress } from "../address-file";

const USAGE = `Usage: npm run mcp -- --token-file FILE [--host URL] [options]

  --token-file FILE  the credentials file that the host names when it starts (TOKEN_FILE); or HOST_TOKEN holds a token, such as a connect token
  --host URL         the host's address (HOST_URL); without it the address the host wrote beside its credentials
  --app SLUG         only actions of that app
  --account NAME     the connected account to use, by id or name
  --tools KEY,KEY    only these actions
  --mode tools|search
  --read-only false  offers actions that change something too
  --destructive      offers actions that may destroy something too; each call asks for confirmation
  --user NAME        whose accounts are used; local without it`;

/** A mistake of the caller, told without a stack. */
export class UsageError extends Error {}

export interface StdioArguments {
  /** The host's MCP address with what it shall offer. */
  url: URL;
  token: string;
}

/** @throws UsageError with the usage, for words that are off. */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): StdioArguments {
  const values = parse(args);
  const tokenFile = values["token-file"] ?? env.TOKEN_FILE;
  const token = tokenFile === undefined ? env.HOST_TOKEN : tokenIn(tokenFile);
  if (!token) throw new UsageError(`--token-file or HOST_TOKEN is missing.\n\n${USAGE}`);
  const host =
    values.host ?? env.HOST_URL ?? (tokenFile && readAddress(dirname(tokenFile))) ?? "http://127.0.0.1:3000";
  if (!URL.canParse(host))
    throw new UsageError(`--host takes an address such as http://127.0.0.1:3000, and is "${host}".`);
  const url = new URL("/mcp", host);
  const asked: Record<string, string | undefined> = {
    app: values.app,
    account: values.account,
    tools: values.tools,
    mode: values.mode,
    readOnly: values["read-only"],
    destructive: values.destructive === true ? "true" : undefined,
    external_user_id: values.user,
  };
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined) url.searchParams.set(name, value);
  return { url, token };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        host: { type: "string" },
        "token-file": { type: "string" },
        app: { type: "string" },
        account: { type: "string" },
        tools: { type: "string" },
        mode: { type: "string" },
        "read-only": { type: "string" },
        destructive: { type: "boolean" },
        user: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function tokenIn(file: string): string {
  let token: unknown;
  try {
    ({ token } = JSON.parse(readFileSync(file, "utf8")) as { token?: unknown });
  } catch (error) {
    throw new UsageError(
      `${file} is not the host's token file: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof token !== "string" || token === "")
    throw new UsageError(`${file} holds no token. The host names its token file when it starts.`);
  return token;
}
