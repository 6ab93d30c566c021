import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dedupeEvents, type DedupeMemory } from "../host/src/triggers/dedupe";
import { schedulesOf, timerEvent } from "../host/src/triggers/schedule";
import { nearest } from "../host/src/execution/nearest";
import { ComponentRegistry, type RegisteredComponent } from "../host/src/execution/component-registry";
import type { JobOutcome } from "../host/src/execution/component-process";
import { isRecord } from "../components/prop-rules";
import type {
  ActionResult,
  EmittedEvent,
  ExecutionInput,
  HookName,
  Save,
  Task,
} from "../host/src/execution/protocol";
import { secretsOf } from "../host/src/execution/redact";
import type { Runtime } from "../host/src/execution/runtime";
import { componentOfFile, runtimeForOne, UsageError } from "./component/component-file";

const root = join(__dirname, "..");
const USAGE = `Usage: npm run component -- KEY|FILE --auth JSON|@FILE --props JSON|@FILE [--db FILE] [--hook deploy|activate|deactivate] [--event JSON|@FILE]

  KEY      such as servicenow-create-table-record
  FILE     a component's own file: ./my-action/my-action.mjs, .js or .ts
  --auth   what the app gets: {"instance_name": "dev98042", "oauth_access_token": "…"}
  --props  the component's props by name; the app prop may be left out
  --db     keeps a source's state between polls
  --hook   runs that hook of a source instead of a poll
  --event  what the endpoint of a source was sent, in place of a poll`;

/** What `--db` keeps: the source's own state, and the ids it has emitted. */
interface KeptState {
  db: Record<string, unknown>;
  dedupe: DedupeMemory;
}

/** Where descriptions are kept between runs: an installed package is not written to. */
function cacheFolder(): string {
  const folder = process.env.COMPONENTS_CACHE || join(root, ".cache");
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function main(): Promise<number> {
  const { key, auth, props, dbFile, hook, event } = readCommandLine();
  const workerFile = join(root, "host/dist/worker.mjs");
  const runtime = runtimeForOne(workerFile);
  try {
    const extra = (process.env.COMPONENT_PACKAGES ?? "").split(",").filter(Boolean);
    const registry = new ComponentRegistry(runtime, {
      packages: [process.env.COMPONENTS_DIR || join(root, "dist"), ...extra],
      cacheFile: join(cacheFolder(), "components.json"),
      workerFile,
      onProblem: (message) => console.error(message),
    });
    const component = isFile(key) ? await componentOfFile(runtime, key) : await registry.component(key);
    if (!component) {
      const keys = (await registry.components()).map((item) => item.key);
      throw new UsageError(
        keys.length === 0
          ? "No component is built. Run: npm run build"
          : `There is no component "${key}". Did you mean ${nearest(key, keys).join(", ")}?`,
      );
    }
    const run = { runtime, component, auth, props, event };
    return component.type === "action" ? await runAction(run, hook) : await runSource(run, hook, dbFile);
  } finally {
    runtime.stop();
  }
}

const isFile = (key: string): boolean => /\.(mjs|js|ts)$/.test(key) && existsSync(key);

interface Run {
  runtime: Runtime;
  component: RegisteredComponent;
  auth: Record<string, unknown>;
  props: Record<string, unknown>;
  /** What an endpoint of the source was sent; a timer's event where there is none. */
  event: Record<string, unknown> | undefined;
}

async function runAction(run: Run, hook: HookName | undefined): Promise<number> {
  if (hook) throw new UsageError(`${run.component.key} is an action; only sources have hooks.`);
  const { error, result } = await perform(run, {}, (input) => ({
    type: "action",
    input,
    context: { id: "component", ts: new Date().toISOString() },
  }));
  if (error) return fail(error);
  const { ret, exports } = JSON.parse(result ?? "{}") as ActionResult;
  const { $summary, ...rest } = exports ?? {};
  print({ result: ret ?? null, summary: $summary ?? null, exports: rest });
  return 0;
}

async function runSource(run: Run, hook: HookName | undefined, dbFile: string | undefined): Promise<number> {
  const { component } = run;
  if (hook && !component.hooks.includes(hook)) {
    console.error(`${component.key} has no ${hook} hook; nothing to do.`);
    print({ events: [] });
    return 0;
  }
  const state = readState(dbFile);
  const timer = component.props.find((prop) => prop.type === "$.interface.timer");
  if (
    timer &&
    run.props[timer.name] === undefined &&
    timer.default === undefined &&
    timer.static === undefined
  )
    run.props[timer.name] = { intervalSeconds: 900 };
  const events: EmittedEvent[] = [];
  const onSave = (save: Save): Promise<void> => {
    const kept = dedupeEvents(component.dedupe, state.dedupe, save.events);
    events.push(...kept.events);
    state.dedupe = kept.memory;
    if (save.db) state.db = { ...state.db, ...(JSON.parse(save.db) as object) };
    for (const name of save.dbDeleted ?? []) delete state.db[name];
    return Promise.resolve();
  };
  const task = (input: ExecutionInput): Task =>
    hook
      ? { type: "hook", input, hook, emitting: true }
      : { type: "source", input, event: run.event ?? timerOf(run) };
  const outcome = await perform(run, { db: JSON.stringify(state.db) }, task, onSave);
  // Events that were emitted before a failure count, and so does the state that goes with them.
  if (!outcome.error || events.length > 0)
    print({
      events: events.map(({ id, summary, ts, payload }) => ({
        id: id ?? null,
        summary: summary ?? null,
        ts: ts ?? null,
        data: JSON.parse(payload) as unknown,
      })),
    });
  if (dbFile) writeState(dbFile, state);
  return outcome.error ? fail(outcome.error) : 0;
}

const timerOf = ({ component, props }: Run): Record<string, unknown> =>
  timerEvent(schedulesOf(component.props, props)[0] ?? null, Date.now());

function perform(
  { runtime, component, auth, props }: Run,
  input: Partial<ExecutionInput>,
  task: (input: ExecutionInput) => Task,
  onSave?: (save: Save) => Promise<void>,
): Promise<JobOutcome> {
  const secret = component.props.filter((prop) => prop.secret).map((prop) => props[prop.name]);
  return runtime.run({
    file: component.file,
    tenant: "command line",
    task: task({
      configuredProps: props,
      auth: {},
      defaultAuth: auth,
      strictProps: true,
      limits: { dbBytes: 60 * 1024, resultBytes: 64_000_000, saveEvents: 1_000_000, saveMs: 3_600_000 },
      ...input,
    }),
    timeoutMs: 300_000,
    secrets: [...secretsOf(auth), ...secret.filter((value): value is string => typeof value === "string")],
    handlers: {
      onLog: ({ level, message }) => void process.stderr.write(`[${level}] ${message}\n`),
      onSave,
    },
  });
}

function fail(error: NonNullable<JobOutcome["error"]>): number {
  const problems = error.problems?.map(({ prop, message }) => `  ${prop} ${message}`);
  console.error(
    problems ? `The props are not right:\n${problems.join("\n")}` : `${error.name}: ${error.message}`,
  );
  return 1;
}

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function readCommandLine(): {
  key: string;
  auth: Record<string, unknown>;
  props: Record<string, unknown>;
  dbFile?: string;
  hook?: HookName;
  event?: Record<string, unknown>;
} {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        auth: { type: "string" },
        props: { type: "string" },
        db: { type: "string" },
        hook: { type: "string" },
        event: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const [key, ...more] = positionals;
  if (values.help || !key || more.length > 0)
    throw new UsageError(more.length > 0 ? `One KEY only, not also ${more.join(", ")}.\n${USAGE}` : USAGE);
  const { hook } = values;
  if (hook !== undefined && hook !== "deploy" && hook !== "activate" && hook !== "deactivate")
    throw new UsageError(`--hook takes deploy, activate or deactivate, and is "${hook}".`);
  return {
    key,
    auth: readObject("--auth", values.auth),
    props: readObject("--props", values.props),
    dbFile: values.db,
    hook,
    ...(values.event === undefined ? {} : { event: readObject("--event", values.event) }),
  };
}

/** An object from JSON, or from a file with `@` before its name. The text is not repeated in errors: it may hold a token. */
function readObject(option: string, text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  let json = text;
  if (text.startsWith("@")) {
    if (!existsSync(text.slice(1)))
      throw new UsageError(`${option} names the file ${text.slice(1)}, which does not exist.`);
    json = readFileSync(text.slice(1), "utf8");
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UsageError(
      `${option} is not valid JSON. It takes an object in single quotes, such as '{"table": "incident"}'.`,
    );
  }
  if (!isRecord(value)) throw new UsageError(`${option} takes a JSON object.`);
  return value;
}

function readState(file: string | undefined): KeptState {
  if (!file || !existsSync(file)) return { db: {}, dedupe: {} };
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Partial<KeptState>;
    return { db: kept.db ?? {}, dedupe: kept.dedupe ?? {} };
  } catch {
    throw new UsageError(
      `${file} holds no state this command wrote. Name another file, or remove it to start again.`,
    );
  }
}

function writeState(file: string, state: KeptState): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(state));
  renameSync(temporary, file);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
