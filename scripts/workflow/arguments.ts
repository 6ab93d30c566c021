import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = `Usage: npm run workflow -- validate|apply|export|run FILE… [--host URL --token-file FILE]

  validate FILE…  checks the files; with --host also against the components and accounts of the host
  apply FILE…     shows what is different on the host, then makes the host's workflows as the files say
  export FILE…    writes workflows of the host to files: a file that is there gets its workflow, others are named by it
  run FILE        starts a run of the file's workflow on the host and waits for its end

  --host URL          the host's address, such as http://127.0.0.1:3000 (HOST_URL)
  --token-file FILE   the credentials file that the host names when it starts (TOKEN_FILE)
  --user NAME         whose workflows they are; local without it
  --event JSON|@FILE  for run: the event of the trigger
  --dry-run           for apply: shows the difference, changes nothing`;

type Command = "validate" | "apply" | "export" | "run";

export interface Arguments {
  command: Command;
  files: string[];
  host: string | undefined;
  token: string | undefined;
  user: string;
  event: unknown;
  dryRun: boolean;
}

/** A mistake of the caller, told without a stack. */
export class UsageError extends Error {}

/** @throws UsageError with the usage, for words that are off. */
export function readArguments(given: string[], environment: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = parse(given);
  const [command = "", ...files] = positionals;
  if (!isCommand(command)) throw new UsageError(USAGE);
  if (files.length === 0) throw new UsageError(`${command} takes one file or more.\n\n${USAGE}`);
  if (command === "run" && files.length > 1) throw new UsageError("run takes one file.");
  const host = values.host ?? environment.HOST_URL;
  const tokenFile = values["token-file"] ?? environment.TOKEN_FILE;
  if (command !== "validate" && (host === undefined || tokenFile === undefined))
    throw new UsageError(`${command} needs --host and --token-file: the host prints both when it starts.`);
  return {
    command,
    files,
    host: host?.replace(/\/+$/, ""),
    token: tokenFile === undefined ? undefined : tokenIn(tokenFile),
    user: values.user ?? "local",
    event: values.event === undefined ? {} : readJson(values.event),
    dryRun: values["dry-run"] ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        host: { type: "string" },
        "token-file": { type: "string" },
        user: { type: "string" },
        event: { type: "string" },
        "dry-run": { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function isCommand(text: string): text is Command {
  return ["validate", "apply", "export", "run"].includes(text);
}

function tokenIn(file: string): string {
  let token: unknown;
  try {
    token = (JSON.parse(readFileSync(file, "utf8")) as { token?: unknown }).token;
  } catch (error) {
    throw new UsageError(
      `${file} is not the host's token file: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof token !== "string" || token === "")
    throw new UsageError(`${file} holds no token. The host names its token file when it starts.`);
  return token;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("@") ? readFileSync(text.slice(1), "utf8") : text) as unknown;
  } catch (error) {
    throw new UsageError(
      `--event takes JSON or @FILE: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
