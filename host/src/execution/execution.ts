import { isDeepStrictEqual } from "node:util";
import type { HostConfig } from "../config";
import type { AccountNetwork } from "../outbound/network";
import { HostError } from "../errors";
import type { RegisteredComponent } from "./component-registry";
import type { JobHandlers, JobOutcome } from "./component-process";
import {
  asText,
  checkProps,
  describeProblems,
  isRecord,
  unwrapLabelValue,
} from "../../../components/prop-rules";
import type { FilterAsk, FilterRequest } from "../../../components/filter";
import type { ComponentError, ConfigurableProp, ExecutionInput, LogEntry, Task } from "./protocol";
import type { Runtime } from "./runtime";
import { newId } from "../encryption";
import { nowMs, type Database } from "../db/database";
import type { DataStores } from "./data-stores";
import type { FileStash, Stash } from "./file-stash";

const DYNAMIC_PROPS_MS = 30 * 24 * 3600_000;

/** A component with what it was configured with, by whom. */
export interface Configured {
  component: RegisteredComponent;
  user: string;
  configuredProps: Record<string, unknown>;
  /** What `additionalProps` gave for these values, when it was asked. */
  dynamicProps?: ConfigurableProp[];
}

export interface RunRequest extends Configured {
  /** The task without its input, which is made here from accounts and props. */
  task: (input: ExecutionInput) => Task;
  timeoutMs: number;
  /** Further values that nobody may see. */
  secrets?: string[];
  handlers?: JobHandlers;
  /** Ends the run at once. */
  signal?: AbortSignal;
  input?: Partial<ExecutionInput>;
  /** Where the run finds and leaves files, and the origin of their addresses. */
  files?: RunFiles | undefined;
}

export interface RunFiles {
  stash: Stash;
  origin: string;
}

/** Whether a component works with files of its own, also where nobody asked for them. */
export function hasFiles({
  component,
  dynamicProps,
}: Pick<Configured, "component" | "dynamicProps">): boolean {
  return [...component.props, ...(dynamicProps ?? [])].some(({ type }) => type === "dir");
}

/** The connected accounts of a user, as a run needs them. */
interface AccountAccess {
  /** @throws HostError 404, also for another user's account. */
  get(id: string, user: string): Promise<{ app: string; name: string }>;
  /** `$auth` for a component, and what in it must never be shown. @throws HostError with words. */
  authFor(
    id: string,
    user: string,
  ): Promise<{ auth: Record<string, unknown>; secrets: string[]; network?: AccountNetwork | undefined }>;
  /** The server refused the present token: it is refreshed at the next use. @returns whether it can be. */
  markTokenInvalid(id: string): Promise<boolean>;
  /** Whether an app's components run without an account. */
  isNeedless(app: string): Promise<boolean>;
}

export interface ExecutionServices {
  config: HostConfig;
  db: Database;
  runtime: Runtime;
  accounts: AccountAccess;
  dataStores: DataStores;
  stash: FileStash;
}

/** Runs components for a user: finds the accounts their props name, and hands them over. */
export class Execution {
  readonly #services: ExecutionServices;
  constructor(services: ExecutionServices) {
    this.#services = services;
  }

  /** @throws HostError when an account is missing or cannot be renewed; the component's own failures are in the outcome. */
  async run(request: RunRequest): Promise<JobOutcome> {
    return this.#perform(await this.#withFurtherApps(request));
  }

  /** An account may belong to a prop that only `additionalProps` tells of: that one is asked first, so that the account's app is known. */
  async #withFurtherApps(request: RunRequest): Promise<RunRequest> {
    const { component, configuredProps, dynamicProps } = request;
    if (!component.hasAdditionalProps || dynamicProps) return request;
    const known = new Set(component.props.map(({ name }) => name));
    const isFurther = Object.entries(configuredProps).some(
      ([name, value]) => !known.has(name) && accountIdIn(value) !== undefined,
    );
    if (!isFurther) return request;
    const { result } = await this.#ask(request, (input) => ({ type: "additionalProps", input }));
    return Array.isArray(result) ? { ...request, dynamicProps: result as ConfigurableProp[] } : request;
  }

  async #perform(request: RunRequest): Promise<JobOutcome> {
    const { runtime, config, accounts, dataStores } = this.#services;
    const { component, user } = request;
    const { auth, secrets, accountIds, network } = await this.#authOf(request);
    const outcome = await runtime.run({
      file: component.file,
      version: component.fileVersion,
      tenant: user,
      network,
      task: request.task({
        configuredProps: request.configuredProps,
        auth,
        dynamicProps: request.dynamicProps,
        limits: {
          dbBytes: config.dbBytes,
          resultBytes: config.resultBytes,
          saveEvents: config.saveEvents,
          saveMs: config.saveMs,
        },
        ...request.input,
        ...filesInput(request),
      }),
      timeoutMs: request.timeoutMs,
      ...(request.signal ? { signal: request.signal } : {}),
      secrets: [...secrets, ...(request.secrets ?? [])],
      handlers: {
        onCall: (method, args) => {
          const [kind, name] = method.split(".", 2);
          if (kind === "dataStore") return dataStores.call(user, name ?? "", args);
          if (method === "files.url" && request.files)
            return this.#services.stash.addressOf(request.files.stash, asText(args[0]), request.files.origin);
          return Promise.reject(new Error(`${method} is not available here.`));
        },
        ...request.handlers,
      },
    });
    if (outcome.error?.status === 401) {
      const renewable = await Promise.all(accountIds.map((id) => accounts.markTokenInvalid(id)));
      if (renewable.includes(true))
        outcome.error.message +=
          " The host renews the account's token before the next run; connect again only if that fails too.";
    }
    return outcome;
  }

  /** Refuses props that are missing or wrong and accounts that are not there, without running anything. @throws HostError 400, 404 */
  async check({ component, user, configuredProps, dynamicProps }: Configured): Promise<void> {
    const props = dynamicProps ?? component.props;
    const { problems } = checkProps(props, configuredProps);
    for (const prop of props) {
      if (prop.type !== "app") continue;
      const account = await this.#accountOf(prop, configuredProps[prop.name], user);
      if (!account && prop.optional !== true && !(await this.#isNeedless(prop)))
        problems.push({ prop: prop.name, message: `is missing; it takes a connected ${prop.app} account` });
    }
    if (problems.length > 0) throw new HostError(400, describeProblems(problems), { problems });
  }

  /** One page of a prop's choices. */
  async options(
    configured: Configured,
    asked: { prop: string; page: number; prevContext: Record<string, unknown>; query?: string },
  ): Promise<{ result?: unknown; error?: ComponentError; logs: LogEntry[] }> {
    return this.#ask(configured, (input) => ({ type: "options", input, ...asked }));
  }

  /** What a form that builds a filter asks of the prop's hint: columns, values, or what the filter finds now. */
  async filter(
    configured: Configured,
    asked: { prop: string; ask: FilterAsk; request: FilterRequest },
  ): Promise<{ result?: unknown; error?: ComponentError; logs: LogEntry[] }> {
    return this.#ask(configured, (input) => ({ type: "filter", input, ...asked }));
  }

  /** The props of a component after `additionalProps`, kept under an id. */
  async dynamicProps(
    configured: Configured,
  ): Promise<{ id?: string; props?: ConfigurableProp[]; error?: ComponentError; logs: LogEntry[] }> {
    const { component, user } = configured;
    const { result, error, logs } = await this.#ask(configured, (input) => ({
      type: "additionalProps",
      input,
    }));
    if (error) return { error, logs };
    const id = newId("dyp");
    const { db } = this.#services;
    await db
      .deleteFrom("dynamic_props")
      .where((eb) => eb("created_at", "<", eb(nowMs(), "-", DYNAMIC_PROPS_MS)))
      .execute();
    await db
      .insertInto("dynamic_props")
      .values({
        id,
        external_user_id: user,
        component_key: component.key,
        props: JSON.stringify(result),
        created_at: nowMs(),
      })
      .execute();
    return { id, props: result as ConfigurableProp[], logs };
  }

  /** Props kept earlier. An id that is not (or no longer) known gives undefined, and they are computed again. */
  async keptDynamicProps(
    id: string | undefined,
    user: string,
    key: string,
  ): Promise<ConfigurableProp[] | undefined> {
    if (!id) return undefined;
    const row = await this.#services.db
      .selectFrom("dynamic_props")
      .select("props")
      .where("id", "=", id)
      .where("external_user_id", "=", user)
      .where("component_key", "=", key)
      .executeTakeFirst();
    return row && (JSON.parse(row.props) as ConfigurableProp[]);
  }

  async #ask(
    configured: Configured,
    task: (input: ExecutionInput) => Task,
  ): Promise<{ result?: unknown; error?: ComponentError; logs: LogEntry[] }> {
    const logs: LogEntry[] = [];
    const { error, result } = await this.#perform({
      ...configured,
      task,
      timeoutMs: this.#services.config.timeouts.form,
      handlers: { onLog: (entry) => void logs.push(entry) },
    });
    return { error, logs, ...(result !== undefined ? { result: JSON.parse(result) as unknown } : {}) };
  }

  /** `$auth` for each app prop that names an account, with everything in it that must not be shown. */
  async #authOf({ component, user, configuredProps, dynamicProps }: Configured): Promise<{
    auth: Record<string, Record<string, unknown>>;
    secrets: string[];
    accountIds: string[];
    network: AccountNetwork | undefined;
  }> {
    const auth: Record<string, Record<string, unknown>> = {};
    const secrets: string[] = [];
    const accountIds: string[] = [];
    let network: AccountNetwork | undefined;
    for (const prop of [...component.props, ...(dynamicProps ?? [])]) {
      const value = unwrapLabelValue(configuredProps[prop.name]);
      if (prop.secret === true && typeof value === "string") secrets.push(value);
      const id = await this.#accountOf(prop, configuredProps[prop.name], user);
      if (!id && prop.type === "app" && (await this.#isNeedless(prop))) auth[prop.name] = {};
      if (!id) continue;
      const found = await this.#services.accounts.authFor(id, user);
      auth[prop.name] = found.auth;
      secrets.push(...found.secrets);
      accountIds.push(id);
      if (found.network && network && !isDeepStrictEqual(found.network, network))
        throw new HostError(
          400,
          "The accounts of this component have different certificates or proxies, and one run has one way to the network. Choose accounts that share it.",
        );
      network ??= found.network;
    }
    return { auth, secrets, accountIds, network };
  }

  #isNeedless(prop: ConfigurableProp): Promise<boolean> {
    return this.#services.accounts.isNeedless(String(prop.app));
  }

  /** The account that an app prop names; undefined without one. @throws HostError 400 for one of another app, 404 for none of the user. */
  async #accountOf(prop: ConfigurableProp, stored: unknown, user: string): Promise<string | undefined> {
    const value = unwrapLabelValue(stored);
    if (prop.type !== "app" || value === undefined || value === null || value === "") return undefined;
    const id = accountIdIn(value) ?? value;
    const refused = (text: string, message: string): HostError =>
      new HostError(400, text, { problems: [{ prop: prop.name, message }] });
    if (typeof id !== "string")
      throw refused(
        `${prop.name} must name a connected account: {"authProvisionId": "apn_…"}.`,
        "must name a connected account",
      );
    const row = await this.#services.accounts.get(id, user);
    if (row.app !== prop.app)
      throw refused(
        `${prop.name} takes a ${prop.app} account, and "${row.name}" is one of ${row.app}.`,
        `takes a ${prop.app} account`,
      );
    return id;
  }
}

function accountIdIn(stored: unknown): unknown {
  const value = unwrapLabelValue(stored);
  return isRecord(value) ? (value.authProvisionId ?? value.auth_provision_id) : undefined;
}

function filesInput({ files, component, dynamicProps, input }: RunRequest): Partial<ExecutionInput> {
  if (!files) return {};
  const { folder } = files.stash;
  const syncsTmp = [...component.props, ...(dynamicProps ?? [])].some(
    ({ type, sync }) => type === "dir" && sync === true,
  );
  return { filesDir: folder, env: { ...input?.env, STASH_DIR: folder }, ...(syncsTmp ? { syncsTmp } : {}) };
}

/** Props that are missing or wrong become a 400 that names each; other errors are the component's own. */
export function refuseBadProps(error: ComponentError | undefined): void {
  if (error?.problems && error.problems.length > 0)
    throw new HostError(400, error.message, { problems: error.problems });
}
