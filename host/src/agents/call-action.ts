import type { AccountRow } from "../db/schema";
import { newId } from "../encryption";
import { HostError, messageOf } from "../errors";
import type { RegisteredComponent } from "../execution/component-registry";
import { hasFiles, type Execution } from "../execution/execution";
import type { ActionResult, ComponentError, LogEntry } from "../execution/protocol";
import type { FileStash, StashedFile } from "../execution/file-stash";
import type { ActionRuns, CallerFacts } from "../action-runs/action-runs";
import type { RunningActions } from "../action-runs/running-actions";
import { confirmationOf, dryRunProp } from "./hints";
import { accountFor } from "./offer";

/** What a caller is told of a run. */
export interface CallAnswer {
  runId: string;
  status: "succeeded" | "failed" | "cancelled";
  summary?: string;
  result?: unknown;
  exports?: Record<string, unknown>;
  files?: { name: string; url: string }[];
  error?: ComponentError;
  logs: LogEntry[];
}

export interface ActionCall {
  component: RegisteredComponent;
  input: Record<string, unknown>;
  caller: CallerFacts;
  /** The account that the session is bound to, by id or name. */
  account?: string | undefined;
  signal: AbortSignal;
  onLog: (entry: LogEntry) => void;
}

interface CallerServices {
  execution: Execution;
  runs: ActionRuns;
  running: RunningActions;
  accounts: { list(filter: { user: string }): Promise<AccountRow[]> };
  stash: FileStash;
  /** Where the host is reached. */
  address: () => string;
  timeoutMs: number;
  logEvent(facts: Record<string, unknown>, text: string): void;
}

/** Runs actions for agents. Each call is a stored run. */
export class ActionCalls {
  constructor(readonly services: CallerServices) {}

  /** @throws HostError for a call that is refused before anything runs; it is stored too. */
  async run(call: ActionCall): Promise<CallAnswer> {
    const { component, caller } = call;
    const { runs, running } = this.services;
    const runId = await runs.begin({
      caller,
      key: component.key,
      version: component.version,
      props: component.props,
      input: call.input,
    });
    const logs: LogEntry[] = [];
    try {
      const answer = await running.during(
        runId,
        (signal) => this.#perform({ ...call, signal }, runId, logs),
        call.signal,
      );
      await runs.end(runId, {
        status: answer.status,
        summary: answer.summary,
        result: answer.status === "succeeded" ? JSON.stringify(answer.result ?? null) : undefined,
        error: answer.error?.message,
        logs,
      });
      this.#tell(call, runId, answer.status);
      return answer;
    } catch (error) {
      await runs.end(runId, { status: "failed", error: messageOf(error), logs });
      this.#tell(call, runId, "failed");
      throw error;
    }
  }

  #tell({ component, caller }: ActionCall, run_id: string, status: string): void {
    const { kind, user, client } = caller;
    this.services.logEvent(
      { run_id, action: component.key, status, caller: kind, user, client },
      "action run",
    );
  }

  async #perform(call: ActionCall, runId: string, logs: LogEntry[]): Promise<CallAnswer> {
    const { execution, stash: stashes, address, timeoutMs } = this.services;
    const { component, caller, signal } = call;
    const configuredProps = await this.configured(call);
    refuseUnconfirmed(component, call.input);
    const stash = await stashes.open(caller.user, hasFiles(call));
    const { error, result } = await execution.run({
      component,
      user: caller.user,
      configuredProps,
      task: (input) => ({
        type: "action",
        input,
        context: { id: newId("ctx"), ts: new Date().toISOString() },
      }),
      timeoutMs,
      signal,
      handlers: {
        onLog: (entry) => {
          logs.push(entry);
          call.onLog(entry);
        },
      },
      input: { strictProps: true },
      files: stash && { stash, origin: address() },
    });
    if (error) return { runId, status: signal.aborted ? "cancelled" : "failed", error, logs };
    return {
      runId,
      status: "succeeded",
      logs,
      ...answerOf(result, stash ? await stashes.uploads(stash, address()) : [], logs),
    };
  }

  /** The arguments as the component gets them: with the account that is meant, without those that are for the host. @throws HostError */
  async configured({
    component,
    input,
    caller,
    account,
  }: Pick<ActionCall, "component" | "input" | "caller" | "account">): Promise<Record<string, unknown>> {
    const accounts = await this.services.accounts.list({ user: caller.user });
    const props: Record<string, unknown> = { ...input };
    const confirmation = confirmationOf(component);
    if (confirmation) delete props[confirmation];
    for (const { name, type, app, label, optional } of component.props) {
      if (type !== "app" || !app) continue;
      const given = accountIn(props[name]);
      const bound = account !== undefined && accounts.some((row) => row.app === app && isNamed(row, account));
      const row = accountFor(app, accounts, bound ? account : given, label ?? app);
      if (bound && given !== undefined && row && !isNamed(row, given))
        throw new HostError(403, `This address is bound to the account ${row.id}. Leave ${name} out.`);
      delete props[name];
      if (row) props[name] = { authProvisionId: row.id };
      else if (optional !== true) accountFor(app, accounts, "", label ?? app);
    }
    return props;
  }
}

const isNamed = ({ id, name }: AccountRow, wanted: string): boolean => id === wanted || name === wanted;

/** An account as an agent names it: its id or name, or one of the forms of the Connect API. */
function accountIn(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value !== "object" || value === null) return undefined;
  const { authProvisionId, account } = value as Record<string, unknown>;
  const name = authProvisionId ?? account;
  return typeof name === "string" ? name : undefined;
}

/** What may destroy something runs only when the caller says that somebody agreed; a dry run needs nobody. @throws HostError 409 */
function refuseUnconfirmed(component: RegisteredComponent, input: Record<string, unknown>): void {
  const confirmation = confirmationOf(component);
  if (confirmation === undefined || input[confirmation] === true) return;
  const dryRun = dryRunProp(component);
  const dryRunDefault = component.props.find(({ name }) => name === dryRun)?.default;
  if (dryRun && isYes(input[dryRun] ?? dryRunDefault)) return;
  throw new HostError(
    409,
    `${component.name} may destroy something, so nothing was done. Show the user what would be run, and call again with ${confirmation}: true once they agree.${dryRun ? ` With ${dryRun}: true it only says what it would do.` : ""}`,
    { needs_confirmation: confirmation, arguments: input },
  );
}

const isYes = (value: unknown): boolean => value === true || value === "true";

function answerOf(
  result: string | undefined,
  files: StashedFile[],
  logs: LogEntry[],
): Pick<CallAnswer, "summary" | "result" | "exports" | "files"> {
  const done = JSON.parse(result ?? "{}") as Partial<ActionResult>;
  const { $summary, ...exports } = done.exports ?? {};
  for (const { type } of done.sends ?? [])
    logs.push({
      ts: Date.now(),
      level: "warn",
      message: `$.send.${type} was not sent: only workflows send.`,
    });
  return {
    ...(typeof $summary === "string" ? { summary: $summary } : {}),
    result: done.ret ?? null,
    ...(Object.keys(exports).length > 0 ? { exports } : {}),
    ...(files.length > 0
      ? {
          files: files.map(({ localPath, get_url }) => ({
            name: localPath.split("/").at(-1) ?? "",
            url: get_url,
          })),
        }
      : {}),
  };
}
