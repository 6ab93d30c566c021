import type { AnyComponent } from "../../components";
import { account, instanceOf, signIn, type Account } from "../helpers/components";
import { duringTests, startInstance, type InstanceOptions, type RunningInstance } from "../helpers/instance";

export interface Emitted {
  id: string;
  summary: string;
  ts: number;
  data: Record<string, unknown>;
}

export interface Choice {
  label: string;
  value: string;
}

type Step = (this: unknown, event?: unknown) => unknown;

/** A source on a platform: keeps its db between calls, collects what it emits and logs. */
export class SourceOnPlatform {
  readonly db = new Map<string, string>();
  readonly events: Emitted[] = [];
  readonly logs: string[] = [];
  values: Record<string, unknown>;
  private fresh = 0;

  constructor(
    readonly source: AnyComponent,
    readonly auth: Account,
    values: Record<string, unknown>,
  ) {
    this.values = values;
  }

  private self(): Record<string, unknown> {
    const self: Record<string, unknown> = {
      ...instanceOf(this.source, this.auth, this.values),
      db: {
        get: (key: string) =>
          this.db.has(key) ? (JSON.parse(this.db.get(key) as string) as unknown) : undefined,
        set: (key: string, value: unknown) => void this.db.set(key, JSON.stringify(value)),
      },
      $emit: (data: object, meta: { id: string; summary: string; ts: number }) => {
        this.events.push({ ...meta, data: JSON.parse(JSON.stringify(data)) as Record<string, unknown> });
      },
    };
    for (const [name, method] of Object.entries((this.source.methods ?? {}) as Record<string, Step>))
      self[name] = method.bind(self);
    return self;
  }

  private async call(step: unknown, event?: unknown): Promise<Emitted[]> {
    const spoken = jest
      .spyOn(console, "log")
      .mockImplementation((...text) => void this.logs.push(text.join(" ")));
    this.fresh = this.events.length;
    try {
      await (step as Step | undefined)?.call(this.self(), event);
    } finally {
      spoken.mockRestore();
    }
    return this.events.slice(this.fresh);
  }

  /** As at a first deployment: the deploy hook, then the activate hook. Returns what was emitted. */
  async deploy(): Promise<Emitted[]> {
    const hooks = (this.source.hooks ?? {}) as Record<string, unknown>;
    const emitted = await this.call(hooks.deploy);
    return [...emitted, ...(await this.call(hooks.activate))];
  }

  async hook(name: "activate" | "deactivate"): Promise<Emitted[]> {
    return this.call(((this.source.hooks ?? {}) as Record<string, unknown>)[name]);
  }

  /** The choices of a prop, as the page asks for them: `this` is the source with the values chosen so far. */
  async options(prop: string, request: Record<string, unknown> = {}): Promise<Choice[]> {
    const { options } = (this.source.props as Record<string, { options?: unknown }>)[prop] ?? {};
    return (options as Step).call(this.self(), { page: 0, prevContext: {}, ...request }) as Promise<Choice[]>;
  }

  async poll(event: unknown = { timestamp: 1_785_500_000 }): Promise<Emitted[]> {
    return this.call(this.source.run, event);
  }
}

async function onPlatform(
  source: AnyComponent,
  url: string,
  values: Record<string, unknown> = {},
  user = "admin",
): Promise<SourceOnPlatform> {
  return new SourceOnPlatform(source, await account(url, user, user), values);
}

/** Writes records as the demo's administrator, once it has signed in. */
export class Writer {
  private url = "";
  private token = "";

  static async at(url: string): Promise<Writer> {
    const writer = new Writer();
    await writer.signIn(url);
    return writer;
  }

  /** To be repeated where a test moves the clock beyond the life of a token. */
  async signIn(url = this.url): Promise<void> {
    this.url = url;
    this.token = await signIn(url);
  }

  async send(method: string, path: string, body?: unknown): Promise<Record<string, string>> {
    const file = Buffer.isBuffer(body);
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: "application/json",
        "content-type": file ? "application/octet-stream" : "application/json",
      },
      body: file ? new Uint8Array(body) : body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    if (response.status === 204) return {};
    return ((await response.json()) as { result: Record<string, string> }).result;
  }

  /** Records of a query as stored. */
  async rows(table: string, query: string, fields: string[], limit = 100): Promise<Record<string, string>[]> {
    const params = { sysparm_query: query, sysparm_fields: fields.join(), sysparm_limit: String(limit) };
    const answer = await this.send("GET", `/api/now/table/${table}?${new URLSearchParams(params)}`);
    return answer as unknown as Record<string, string>[];
  }

  /** sys_id of a record by what people call it. */
  async idOf(table: string, name: string, column = "name"): Promise<string> {
    const [row] = await this.rows(table, `${column}=${name}`, ["sys_id"], 1);
    if (!row?.sys_id) throw new Error(`There is no ${table} "${name}".`);
    return row.sys_id;
  }

  create = (table: string, values: Record<string, unknown>) =>
    this.send("POST", `/api/now/table/${table}?sysparm_exclude_reference_link=true`, values);
  update = (table: string, id: string | undefined, values: Record<string, unknown>) =>
    this.send("PATCH", `/api/now/table/${table}/${id ?? ""}?sysparm_exclude_reference_link=true`, values);
  /** A file of an incident. */
  attach = (id: string | undefined, name: string, content: Buffer) => {
    const place = new URLSearchParams({ table_name: "incident", table_sys_id: id ?? "", file_name: name });
    return this.send("POST", `/api/now/attachment/file?${place}`, content);
  };
  remove = (table: string, id: string | undefined) =>
    this.send("DELETE", `/api/now/table/${table}/${id ?? ""}`);
}

/** An instance for the tests of a file, and what they do with it. */
export function useInstance(options: InstanceOptions = { incidents: 20 }) {
  const writer = new Writer();
  const instance = duringTests(startInstance, options);
  beforeAll(() => writer.signIn(instance.url));

  const control: RunningInstance["control"] = (...call) => instance.control(...call);
  return {
    writer,
    control,
    url: () => instance.url,
    /** Moves its clock on. */
    later: (seconds: number) => control("POST", "clock", { advanceSeconds: seconds }),
    /** A source that is connected with it. */
    onPlatform: (source: AnyComponent, values: Record<string, unknown> = {}, user = "admin") =>
      onPlatform(source, instance.url, values, user),
  };
}

/** `INC0010023 – Cannot log in`. */
export const numbered = (row: Record<string, string>): string => `${row.number} – ${row.short_description}`;
