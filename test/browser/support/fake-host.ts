import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { actionRun, actions, apps, connection, optionsFor, propsFor, sources } from "./fake-components";

const dist = join(__dirname, "..", "..", "..", "host", "web", "dist");
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** The host's own content policy: the page must work under it. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

/**
 * The built page over an API of fixtures: every kind of prop, and every failure a real host shows only with effort.
 * What the page sent stands in `calls`.
 */
export async function startFakeHost() {
  const calls: Call[] = [];
  const state = {
    accounts: [account("apn_1", "Ada at demo")],
    /** What the session says of a server for trying things out. */
    demo: undefined as Record<string, unknown> | undefined,
    /** Paths that are never answered, by `METHOD path-without-query`. */
    hanging: new Set<string>(),
    triggers: [] as Record<string, unknown>[],
    events: [] as Record<string, unknown>[],
    runs: [] as Record<string, unknown>[],
    actionRuns: new Map<string, ReturnType<typeof actionRun>>(),
    attempts: new Map<string, Record<string, unknown>>(),
    /** Answers to give instead, by `METHOD path-without-query`. */
    failures: new Map<string, { status: number; body: unknown }>(),
  };
  const streams = new Set<ServerResponse>();
  const watchers = new Set<() => void>();
  const record = (call: Call): void => {
    calls.push(call);
    for (const look of watchers) look();
  };

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://fake");
      const method = request.method ?? "GET";
      const failure = state.failures.get(`${method} ${url.pathname}`);
      if (url.pathname.startsWith("/api") || url.pathname.startsWith("/v1"))
        record({ method, path: url.pathname, body });
      if (state.hanging.has(`${method} ${url.pathname}`)) return;
      if (failure) return json(response, failure.status, failure.body);
      if (url.pathname === "/api/stream") {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(": here\n\n");
        streams.add(response);
        response.on("close", () => streams.delete(response));
        return;
      }
      if (method !== "GET" && request.headers["x-csrf-token"] !== "csrf")
        return json(response, 403, { error: "The x-csrf-token is missing." });
      const answer = answerTo(method, url, body);
      if (answer) return json(response, answer[0], answer[1]);
      serveFile(url.pathname, response);
    });
  });

  function answerTo(method: string, url: URL, body: Record<string, unknown>): [number, unknown] | undefined {
    const path = url.pathname.replace("/v1/connect/local/", "/v1/connect/");
    const id = path.split("/").at(-1) ?? "";
    if (path === "/api/session")
      return [
        200,
        {
          csrf_token: "csrf",
          version: "0",
          redirect_uri: `${url.origin}/connect/callback`,
          ...(state.demo ? { demo: state.demo } : {}),
        },
      ];
    if (path === "/v1/connect/apps") return [200, list(apps)];
    if (path === "/v1/connect/accounts" && method === "GET") return [200, list(state.accounts)];
    if (path.startsWith("/v1/connect/accounts/") && method === "DELETE") {
      state.accounts = state.accounts.filter((one) => one.id !== id);
      return [204, undefined];
    }
    if (path === "/api/apps/vault/connection") return [200, { type: "keys", kinds: [] }];
    if (path === "/api/apps/demo/connection") return [200, connection];
    if (path === "/v1/connect/accounts" && method === "POST") {
      state.accounts.push(
        account("apn_keys", String(body.name), { app: { name_slug: "vault", name: "Vault" } }),
      );
      return [200, state.accounts.at(-1)];
    }
    if (path === "/api/connect-attempts") return startAttempt(body);
    if (path.startsWith("/api/connect-attempts/")) {
      if (method === "DELETE") return [204, undefined];
      return [200, state.attempts.get(id) ?? { id, status: "expired", error: "No such attempt." }];
    }
    if (path.endsWith("/check")) return [200, { healthy: true, name: "Ada", details: { Instance: "demo" } }];
    if (path === "/v1/connect/triggers") return [200, list(found(sources, url))];
    if (path === "/v1/connect/actions") return [200, list(found(actions, url))];
    if (path === "/v1/connect/components/configure") return [200, optionsFor(body)];
    if (path === "/v1/connect/components/props") return [200, propsFor(body)];
    const deployed = /^\/v1\/connect\/deployed-triggers\/([^/]+)$/.exec(path)?.[1];
    if (deployed !== undefined && method === "GET") {
      const trigger = state.triggers.find((one) => one.id === deployed);
      const source = sources.find((one) => one.key === trigger?.component_key);
      return trigger
        ? [200, { data: { ...trigger, configurable_props: source?.configurable_props ?? [] } }]
        : [404, { error: `There is no trigger “${deployed}”.` }];
    }
    if (deployed !== undefined && method === "PUT") {
      state.triggers = state.triggers.map((one) => (one.id === deployed ? { ...one, ...body } : one));
      return [200, { data: state.triggers.find((one) => one.id === deployed) }];
    }
    if (/^\/v1\/connect\/(components|triggers|actions)\/[^/]+$/.test(path) && method === "GET") {
      const component = [...sources, ...actions].find((one) => one.key === id);
      return component ? [200, { data: component }] : [404, { error: `There is no component “${id}”.` }];
    }
    if (path === "/api/action-runs" && method === "POST") {
      const run = actionRun(`arn_${state.actionRuns.size + 1}`, body);
      state.actionRuns.set(run.id, run);
      return [202, { ...run, status: "running", finished_at: null }];
    }
    if (path.startsWith("/api/action-runs/")) return [200, state.actionRuns.get(id)];
    if (path === "/v1/connect/triggers/deploy") return deploy(body);
    if (path === "/api/triggers") return [200, state.triggers];
    if (path.endsWith("/events")) {
      const words = (url.searchParams.get("q") ?? "").toLowerCase();
      return [
        200,
        { data: state.events.filter((event) => JSON.stringify(event).toLowerCase().includes(words)) },
      ];
    }
    if (path.endsWith("/webhooks")) return [200, { webhook_urls: [], webhooks: [] }];
    if (path.endsWith("/runs")) return [200, state.runs];
    if (path.endsWith("/run"))
      return [
        200,
        { id: "run_1", status: "ok", emitted: 0, started_at: Date.now(), finished_at: Date.now() },
      ];
    return undefined;
  }

  function startAttempt(body: Record<string, unknown>): [number, unknown] {
    const fields = body.fields as Record<string, string>;
    if (fields.instance_name === "not one")
      return [
        422,
        {
          error: "An instance name has no spaces. Write it as in the address bar, like dev98042.",
          field: "instance_name",
        },
      ];
    if (fields.instance_name === "nowhere")
      return [422, { error: "Nothing answers at nowhere. Check the name." }];
    const id = `att_${state.attempts.size + 1}`;
    state.attempts.set(id, { id, status: "pending", authorize_url: "/fake-sign-in" });
    return [201, { id, status: "pending", authorize_url: "/fake-sign-in" }];
  }

  function deploy(body: Record<string, unknown>): [number, unknown] {
    const trigger = {
      id: `dc_${state.triggers.length + 1}`,
      name: "New Thing",
      component_key: body.id,
      component_name: "New Thing",
      account: { id: "apn_1", name: "Ada at demo", healthy: true },
      active: true,
      schedule: { intervalSeconds: 900 },
      configured_props: body.configured_props,
      created_at: Date.now(),
      last_run: null,
      next_run_at: Date.now() + 900_000,
      event_count: state.events.length,
    };
    state.triggers.push(trigger);
    return [200, { data: trigger }];
  }

  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    state,
    /** The last thing the page sent to a path that ends so. */
    lastCall: (ending: string) => calls.filter((call) => call.path.endsWith(ending)).at(-1),
    /** Resolves with the first call of that kind, also one that is still to come. */
    called: (method: string, path: string): Promise<Call> =>
      new Promise((heard, gaveUp) => {
        const timer = setTimeout(() => {
          watchers.delete(look);
          gaveUp(new Error(`The page did not call ${method} ${path} within 20 seconds.`));
        }, 20_000);
        const look = (): void => {
          const call = calls.find((one) => one.method === method && one.path === path);
          if (!call) return;
          clearTimeout(timer);
          watchers.delete(look);
          heard(call);
        };
        watchers.add(look);
        look();
      }),
    send: (event: string, data: unknown) => {
      for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    stop: () =>
      new Promise<void>((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

export type FakeHost = Awaited<ReturnType<typeof startFakeHost>>;

export function account(id: string, name: string, more: Record<string, unknown> = {}) {
  return {
    id,
    name,
    healthy: true,
    app: { name_slug: "demo", name: "Demo" },
    created_at: "2026-01-05T10:00:00Z",
    ...more,
  };
}

function found<T extends { name: string }>(components: T[], url: URL): T[] {
  const words = (url.searchParams.get("q") ?? "").toLowerCase();
  return components.filter((component) => component.name.toLowerCase().includes(words));
}

function list<T>(data: T[]) {
  return { data, page_info: { count: data.length, total_count: data.length, end_cursor: null } };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function serveFile(path: string, response: ServerResponse): void {
  if (path === "/fake-sign-in")
    return void response.writeHead(200, { "content-type": types[".html"] }).end("<h1>Sign in</h1>");
  const file = join(dist, path === "/" ? "index.html" : path);
  if (!file.startsWith(dist) || !existsSync(file)) return void response.writeHead(404).end();
  response.writeHead(200, {
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "content-security-policy": contentPolicy,
  });
  response.end(readFileSync(file));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
