import loadEngine from "@jitl/quickjs-wasmfile-release-sync/emscripten-module";
import { QuickJSFFI } from "@jitl/quickjs-wasmfile-release-sync/ffi";
import { parseExpressionAt, type Node } from "acorn";
import { DateTime } from "luxon";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten";
import { describeMissing } from "./missing-path";
import { EXPRESSION_LIMITS, type Evaluated, type Scope } from "./protocol";
import { PARSER_OPTIONS } from "./template";

// Named file by file, since the package's own loader imports them dynamically, which test runners cannot do.
const variant: QuickJSSyncVariant = {
  type: "sync",
  importFFI: () => Promise.resolve(QuickJSFFI),
  importModuleLoader: () => Promise.resolve(loadEngine),
};

/** The engine, to be loaded once a process. */
export function loadEngineModule(): Promise<QuickJSWASMModule> {
  return newQuickJSWASMModuleFromVariant(variant);
}

/** `steps` and the variables, each read from its JSON when it is first used. */
const PRELUDE = `(() => {
  const lazy = (names, load) => new Proxy({}, {
    get: (kept, name) => {
      if (typeof name !== "string" || !names.includes(name)) return undefined;
      return name in kept ? kept[name] : (kept[name] = JSON.parse(load(name)));
    },
    has: (_, name) => names.includes(name),
    ownKeys: () => names,
    getOwnPropertyDescriptor: (kept, name) =>
      names.includes(name) ? { enumerable: true, configurable: true, writable: true, value: kept[name] } : undefined,
  });
  globalThis.steps = lazy(JSON.parse(__stepNames()), __step);
  const variables = lazy(JSON.parse(__variableNames()), __variable);
  for (const name of Object.keys(variables)) Object.defineProperty(globalThis, name, { get: () => variables[name], configurable: true });
  globalThis.formatDate = (value, format, zone, locale) => {
    const text = __formatDate(JSON.stringify([value instanceof Date ? value.toISOString() : value, format, zone, locale]));
    if (text.startsWith("!")) throw new Error(text.slice(1));
    return text.slice(1);
  };
})()`;

/** Evaluates one expression over the scope, in a runtime of its own that knows nothing of the process. */
export function evaluateExpression(engine: QuickJSWASMModule, code: string, scope: Scope): Evaluated {
  const runtime = engine.newRuntime();
  runtime.setMemoryLimit(EXPRESSION_LIMITS.memoryBytes);
  runtime.setMaxStackSize(EXPRESSION_LIMITS.stackBytes);
  const limit = new CpuLimit();
  const context = runtime.newContext();
  try {
    offerScope(context, scope);
    limit.begin();
    runtime.setInterruptHandler(() => limit.isReached());
    const answer = evaluate(context, `JSON.stringify({ value: (${code}) })`);
    if (limit.isReached())
      return { error: `It took longer than ${EXPRESSION_LIMITS.ms} ms. Use a code step for long work.` };
    // What follows only words an error; it gets a moment of its own.
    limit.begin();
    if ("value" in answer) return readAnswer(context, code, answer.value);
    return {
      error: wordsOf(
        answer.error,
        describeMissing(treeOf(code), (part) => probe(context, part, code), false),
      ),
    };
  } finally {
    try {
      context.dispose();
      runtime.dispose();
    } catch {
      // A runtime that was cut off may keep handles; it is thrown away with them.
    }
  }
}

/** Time of the processor, not of the clock: a busy machine makes no expression late. */
class CpuLimit {
  #until = Infinity;

  begin(): void {
    this.#until = spentMs() + EXPRESSION_LIMITS.ms;
  }

  isReached(): boolean {
    return spentMs() > this.#until;
  }
}

function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function readAnswer(context: QuickJSContext, code: string, answer: unknown): Evaluated {
  const text = typeof answer === "string" ? answer : "{}";
  // JSON.stringify leaves out what is undefined or a function.
  if (text === "{}") {
    const kind = evaluate(context, `typeof (${code})`);
    if ("value" in kind && kind.value === "function")
      return { error: "Its value is a function. Call it, with (), or name what it holds." };
    const missing = describeMissing(treeOf(code), (part) => probe(context, part, code), true);
    return missing === undefined ? { json: undefined } : { error: missing };
  }
  return { json: text.slice('{"value":'.length, -1) };
}

type Answer = { value: unknown } | { error: { name: string; message: string } };

function evaluate(context: QuickJSContext, code: string): Answer {
  const ran = context.evalCode(code, "expression.js");
  const { handle, failed }: { handle: QuickJSHandle; failed: boolean } = ran.error
    ? { handle: ran.error, failed: true }
    : { handle: ran.value, failed: false };
  const value: unknown = context.dump(handle);
  handle.dispose();
  if (!failed) return { value };
  const { name, message } = (typeof value === "object" && value !== null ? value : {}) as {
    name?: unknown;
    message?: unknown;
  };
  return {
    error: {
      name: typeof name === "string" ? name : "Error",
      message: typeof message === "string" ? message : String(value),
    },
  };
}

/** What a part of the code holds: its kind and, of an object, the names in it. */
function probe(
  context: QuickJSContext,
  [start, end]: readonly [number, number],
  code: string,
): { kind: string; names: string[] } | undefined {
  const part = code.slice(start, end);
  const answer = evaluate(
    context,
    `(() => { const it = (${part}); return JSON.stringify(it === null || it === undefined ? { kind: String(it), names: [] }
      : Array.isArray(it) ? { kind: "a list of " + it.length, names: [] }
      : typeof it === "object" ? { kind: "an object", names: Object.keys(it).slice(0, 30) }
      : { kind: { string: "a text", number: "a number", boolean: "true or false" }[typeof it] || typeof it, names: [] }); })()`,
  );
  return "value" in answer && typeof answer.value === "string"
    ? (JSON.parse(answer.value) as { kind: string; names: string[] })
    : undefined;
}

function treeOf(code: string): Node {
  return parseExpressionAt(code, 0, PARSER_OPTIONS);
}

function wordsOf(error: { name: string; message: string }, missing: string | undefined): string {
  if (missing !== undefined) return missing;
  if (/out of memory/i.test(error.message))
    return `It needs more than ${EXPRESSION_LIMITS.memoryBytes / 1024 / 1024} MB. Use a code step for large data.`;
  if (/stack overflow|Maximum call stack/i.test(error.message)) return "It calls itself too deeply.";
  return `${error.name}: ${error.message}`;
}

function offerScope(context: QuickJSContext, { steps, variables }: Scope): void {
  const offer = (name: string, work: (text: string) => string): void => {
    const made = context.newFunction(name, (handle?: QuickJSHandle) =>
      context.newString(work(handle ? context.getString(handle) : "")),
    );
    context.setProp(context.global, name, made);
    made.dispose();
  };
  offer("__stepNames", () => JSON.stringify(Object.keys(steps)));
  offer("__variableNames", () => JSON.stringify(Object.keys(variables)));
  offer("__step", (name) => steps[name] ?? "null");
  offer("__variable", (name) => variables[name] ?? "null");
  offer("__formatDate", (text) => formatDate(JSON.parse(text) as unknown[]));
  const ran = evaluate(context, PRELUDE);
  if ("error" in ran) throw new Error(`The scope of an expression could not be made: ${ran.error.message}`);
}

/** `=` and the text, or `!` and why there is none. Times without a zone are UTC, as ServiceNow stores them. */
function formatDate([value, format, zone, locale]: unknown[]): string {
  const parsed =
    typeof value === "number"
      ? DateTime.fromMillis(value, { zone: "utc" })
      : typeof value === "string"
        ? [DateTime.fromISO(value, { zone: "utc" }), DateTime.fromSQL(value, { zone: "utc" })].find(
            ({ isValid }) => isValid,
          )
        : undefined;
  if (!parsed?.isValid)
    return "!formatDate takes a time such as 2026-08-01 12:00:00, an ISO 8601 text, milliseconds or a Date.";
  const local = parsed.setZone(typeof zone === "string" ? zone : "utc");
  if (!local.isValid)
    return `!formatDate does not know the zone ${JSON.stringify(zone)}. Zones look like Europe/Berlin.`;
  const pattern = typeof format === "string" ? format : "yyyy-MM-dd HH:mm:ss";
  return `=${local.setLocale(typeof locale === "string" ? locale : "en").toFormat(pattern)}`;
}
