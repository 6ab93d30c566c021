import { createHmac } from "node:crypto";
import loadEngine from "@jitl/quickjs-wasmfile-release-sync/emscripten-module";
import { QuickJSFFI } from "@jitl/quickjs-wasmfile-release-sync/ffi";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten";
import { glideOutcome, glidePrelude } from "./glide-prelude";
import type { OutboundCall } from "./outbound";
import type { OutboundAnswer } from "../core/session";

/** A record as scripts see it. All of it is text. */
export interface ScriptRow {
  values: Record<string, string>;
  /** Display values of references, choices and times. */
  displays: Record<string, string>;
  /** Tables that reference columns point to. */
  references: Record<string, string>;
}

/** What a rule's script is given; nothing of the process can be reached from inside. */
export interface ScriptInput {
  table: string;
  operation: string;
  current: ScriptRow;
  previous: ScriptRow | null;
  user: { sysId: string; userName: string; name: string; roles: string[] };
  properties: Record<string, string>;
  messages: {
    name: string;
    function: string;
    endpoint: string;
    method: string;
    content: string;
    headers: Record<string, string>;
  }[];
  now: string;
  /** Further global variables, as JSON has them. What the script leaves in them comes back. */
  globals: Record<string, unknown>;
  /** Answers to the calls that this script made when it ran before, in their order. */
  answers: OutboundAnswer[];
}

/** What the instance does for a script while it runs. */
export interface ScriptHost {
  /** Records of a table by encoded query, at most so many; none for an unknown table. */
  rows(table: string, query: string, limit: number): ScriptRow[];
}

export interface ScriptOutcome {
  changes: Record<string, string>;
  aborted: boolean;
  /** Calls to be sent whose answer the script does not wait for. */
  calls: OutboundCall[];
  events: { name: string; table: string; instance: string; parm1: string; parm2: string }[];
  logs: { level: string; message: string }[];
  globals: Record<string, unknown>;
  /** How many of the answers the script has looked at. */
  seen: number;
  /** The call whose answer the script waits for: it is to be run again with one answer more. */
  waiting?: OutboundCall;
  /** Value of the last expression, for conditions. */
  value: unknown;
  error?: string;
}

let quickJs: QuickJSWASMModule | undefined;
let loadProblem = "it is not loaded yet";

// Named file by file, since the package's own loader imports them dynamically, which test runners cannot do.
const engine: QuickJSSyncVariant = {
  type: "sync",
  importFFI: () => Promise.resolve(QuickJSFFI),
  importModuleLoader: () => Promise.resolve(loadEngine),
};

/** Must have ended before the first script runs. Where the engine cannot be loaded, scripts fail and all else works. */
export async function loadSandbox(): Promise<void> {
  try {
    quickJs ??= await newQuickJSWASMModuleFromVariant(engine);
  } catch (error) {
    loadProblem = error instanceof Error ? error.message : String(error);
  }
}

const timeLimitMs = 1000;
const memoryLimit = 32 * 1024 * 1024;

/** Runs a script with a limit of one second and 32 MB. Errors of the script are in the outcome. */
export function runScript(script: string, input: ScriptInput, host: ScriptHost): ScriptOutcome {
  const nothing: ScriptOutcome = {
    changes: {},
    aborted: false,
    calls: [],
    events: [],
    logs: [],
    globals: {},
    seen: 0,
    value: undefined,
  };
  if (!quickJs) return { ...nothing, error: `The script sandbox cannot be used: ${loadProblem}` };
  const runtime = quickJs.newRuntime();
  runtime.setMemoryLimit(memoryLimit);
  runtime.setMaxStackSize(512 * 1024);
  const deadline = Date.now() + timeLimitMs;
  let waiting: OutboundCall | undefined;
  runtime.setInterruptHandler(() => waiting !== undefined || Date.now() > deadline);
  const context = runtime.newContext();
  try {
    offer(context, "__rows", (table = "", query = "", limit = "") =>
      JSON.stringify(host.rows(table, query, Number(limit))),
    );
    offer(context, "__mac", (key = "", algorithm = "", data = "") =>
      createHmac(algorithm.replace(/^Hmac/i, "").toLowerCase(), Buffer.from(key, "base64"))
        .update(data)
        .digest("base64"),
    );
    offer(context, "__suspend", (call = "{}") => {
      waiting = JSON.parse(call) as OutboundCall;
      return "";
    });
    const start = context.evalCode(
      `var __in = ${JSON.stringify(input).replace(/[\u2028\u2029]/g, "")};${glidePrelude}`,
    );
    if (start.error) return { ...nothing, error: describeOnce(context, start.error) };
    start.value.dispose();
    const ran = context.evalCode(script);
    if (waiting) {
      ran.dispose();
      return { ...nothing, waiting };
    }
    let value: unknown;
    let error: string | undefined;
    if (ran.error) {
      error = describeOnce(context, ran.error);
    } else {
      value = context.typeof(ran.value) === "object" ? true : context.dump(ran.value);
      ran.value.dispose();
    }
    const end = context.evalCode(glideOutcome);
    if (end.error) {
      const ended = describeOnce(context, end.error);
      return { ...nothing, error: error ?? ended };
    }
    const outcome = JSON.parse(context.getString(end.value)) as ScriptOutcome;
    end.value.dispose();
    return { ...outcome, value, error };
  } finally {
    try {
      context.dispose();
      runtime.dispose();
    } catch {
      // A script that was cut off may leave handles behind; the runtime is thrown away with them.
    }
  }
}

/** Gives the script a function of texts. */
function offer(context: QuickJSContext, name: string, work: (...texts: string[]) => string): void {
  const made = context.newFunction(name, (...given) =>
    context.newString(work(...given.map((handle) => String(context.dump(handle))))),
  );
  context.setProp(context.global, name, made);
  made.dispose();
}

function describeOnce(context: QuickJSContext, handle: QuickJSHandle): string {
  const error: unknown = context.dump(handle);
  handle.dispose();
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return String(error);
}
