import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { Pool } from "undici";
import { bulkCreate, createClient } from "../../../common";
import { withInstance } from "../../programs";
import { FIELDS, timed } from "./support";

/** Rows of the table that is read: more than the 10,000 an instance gives to who names no limit. */
const ROWS = 12_000;
/** Records that are created, with this delay on the way to the instance. */
const CREATES = 100;
const DELAY_MS = 20;

interface Work {
  /** Reads all incidents; how many rows came. */
  read(): Promise<number>;
  /** Creates so many incidents; how many were made. */
  create(count: number): Promise<number>;
  close?(): Promise<void>;
}

/** Requests that are delayed while records are created, and counted. */
interface Wire {
  requests: number;
  delayMs: number;
  before(): Promise<void>;
}

/**
 * Other clients beside ours, in the same run against the same instance: those that are installed in `--peers=FOLDER` (or in
 * `PEERS`). None is a dependency, and none is changed: each gets its HTTP through the place it has for that.
 */
export async function otherClients(): Promise<Record<string, unknown>> {
  const argument = process.argv.find((one) => one.startsWith("--peers="))?.slice("--peers=".length);
  const folder = resolve(argument ?? process.env["PEERS"] ?? ".");
  const load = createRequire(join(folder, "package.json"));
  return withInstance(ROWS, async (url) => {
    const figures: Record<string, unknown> = { rowsInTheTable: ROWS };
    const makers = { "servicenow-rest-api": restApi, "n8n-nodes-base": n8n };
    const all: { name: string; wire: Wire; work: Work; result: Record<string, number> }[] = [];
    const add = (name: string, make: (wire: Wire) => Work): void => {
      const wire = newWire();
      all.push({ name, wire, work: make(wire), result: {} });
    };
    add("ours", (wire) => ours(url, wire));
    for (const [name, make] of Object.entries(makers)) {
      const version = versionOf(load, name);
      if (version) add(`${name} ${version}`, (wire) => make(load, url, wire));
      else figures[name] = `not installed in ${folder}`;
    }
    // Once for nothing, so that whoever comes first does not warm the instance for the others.
    await all[0]?.work.read();
    for (const { wire, work, result } of all) {
      wire.requests = 0;
      const read = await timed(() => work.read());
      Object.assign(result, { rowsRead: read.value, readMs: read.ms, readRequests: wire.requests });
    }
    for (const { wire, work, result } of all) {
      wire.requests = 0;
      wire.delayMs = DELAY_MS;
      const made = await timed(() => work.create(CREATES));
      Object.assign(result, { created: made.value, createMs: made.ms, createRequests: wire.requests });
      await work.close?.();
    }
    return { ...figures, ...Object.fromEntries(all.map(({ name, result }) => [name, result])) };
  });
}

function newWire(): Wire {
  return {
    requests: 0,
    delayMs: 0,
    async before() {
      this.requests++;
      if (this.delayMs > 0) await new Promise((done) => setTimeout(done, this.delayMs));
    },
  };
}

function versionOf(load: NodeJS.Require, name: string): string | undefined {
  try {
    return (load(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}

function ours(url: string, wire: Wire): Work {
  const pool = new Pool(url, { connections: 8 });
  const client = createClient({
    instance: url,
    auth: { type: "basic", username: "admin", password: "admin" },
    transport: async ({ method, url: address, headers, body }) => {
      await wire.before();
      const path = address.slice(url.length);
      const answer = await pool.request({ method, path, headers, body: body as string });
      const given = Object.entries(answer.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      return {
        status: answer.statusCode,
        headers: Object.fromEntries(given),
        body: await answer.body.text(),
      };
    },
  });
  return {
    read: async () =>
      (await client.table("incident").list({ fields: FIELDS, displayValue: "true", max: Infinity })).rows
        .length,
    create: async (count) => {
      const rows = Array.from({ length: count }, (_, i) => ({ short_description: `Ours ${i}` }));
      return (await bulkCreate(client, "incident", rows)).done;
    },
    close: () => pool.close(),
  };
}

type Axios = (config: { url?: string }) => Promise<unknown>;
interface RestApi {
  setNetworkOptions(options: object): void;
  getTableData(
    fields: readonly string[],
    filters: string[],
    type: string,
    back: (rows: unknown) => void,
  ): void;
  createNewTask(data: object, type: string, back: (row: unknown) => void): void;
}

/** `servicenow-rest-api`: one request for a table, one for each creation. It speaks https only, so its network option brings it here. */
function restApi(load: NodeJS.Require, url: string, wire: Wire): Work {
  const Client = load("servicenow-rest-api") as new (host: string, user: string, password: string) => RestApi;
  const beside = createRequire(load.resolve("servicenow-rest-api"));
  const { defaults } = beside("axios") as { defaults: { adapter: Axios } };
  const host = new URL(url).host;
  const client = new Client(host, "admin", "admin");
  client.setNetworkOptions({
    maxContentLength: Infinity,
    adapter: async (config: { url?: string }) => {
      await wire.before();
      return defaults.adapter({ ...config, url: (config.url ?? "").replace(/^https:/, "http:") });
    },
  });
  const quiet = async <T>(task: (back: (value: T) => void) => void): Promise<T> => {
    const { log } = console;
    // It writes each address it asks to the console.
    console.log = () => undefined;
    try {
      return await new Promise<T>(task);
    } finally {
      console.log = log;
    }
  };
  return {
    async read() {
      const rows = await quiet<unknown>((back) => client.getTableData(FIELDS, [], "incident", back));
      return Array.isArray(rows) ? rows.length : 0;
    },
    async create(count) {
      let made = 0;
      for (let i = 0; i < count; i++) {
        const row = await quiet<unknown>((back) =>
          client.createNewTask({ short_description: `Theirs ${i}` }, "incident", back),
        );
        if (typeof row === "object" && row !== null && "sys_id" in row) made++;
      }
      return made;
    },
  };
}

type Request = {
  method: string;
  uri: string;
  qs: Record<string, string>;
  body?: object;
  resolveWithFullResponse?: boolean;
};

/** The ServiceNow node of n8n: its own requests and paging; what it calls its host for is done by undici here. */
function n8n(load: NodeJS.Require, url: string, wire: Wire): Work {
  const functions = load("n8n-nodes-base/dist/nodes/ServiceNow/GenericFunctions.js") as {
    serviceNowRequestAllItems(method: string, path: string, body: object, query: object): Promise<unknown[]>;
    serviceNowApiRequest(
      method: string,
      path: string,
      body: object,
      query: object,
    ): Promise<{ result?: object }>;
  };
  const pool = new Pool(url, { connections: 8 });
  const authorization = `Basic ${Buffer.from("admin:admin").toString("base64")}`;
  const host = {
    getNodeParameter: () => "basicAuth",
    getCredentials: () => Promise.resolve({ subdomain: "local" }),
    getNode: () => ({ name: "ServiceNow" }),
    helpers: {
      async requestWithAuthentication(_type: string, options: Request) {
        await wire.before();
        const headers: Record<string, string> = { authorization, accept: "application/json" };
        if (options.body) headers["content-type"] = "application/json";
        const answer = await pool.request({
          method: options.method,
          path: `${new URL(options.uri).pathname}?${new URLSearchParams(options.qs).toString()}`,
          headers,
          body: options.body ? JSON.stringify(options.body) : null,
        });
        const body = await answer.body.json();
        return options.resolveWithFullResponse ? { body, headers: answer.headers } : body;
      },
    },
  };
  return {
    async read() {
      const query = {
        sysparm_fields: FIELDS.join(","),
        sysparm_display_value: "true",
        sysparm_exclude_reference_link: "true",
      };
      return (await functions.serviceNowRequestAllItems.call(host, "GET", "/now/table/incident", {}, query))
        .length;
    },
    async create(count) {
      let made = 0;
      for (let i = 0; i < count; i++) {
        const body = { short_description: `n8n ${i}` };
        const { result } = await functions.serviceNowApiRequest.call(
          host,
          "POST",
          "/now/table/incident",
          body,
          {},
        );
        if (result) made++;
      }
      return made;
    },
    close: () => pool.close(),
  };
}
