import { startInstance, type InstanceOptions, type RunningInstance } from "../../helpers/instance";

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body; an empty object for an empty one. */
  body: Json;
  /** `body.result` */
  result: Json;
  /** `body.result` as a list */
  list: Json[];
  text: string;
}

export interface Served extends RunningInstance {
  call(method: string, path: string, body?: unknown, user?: string): Promise<Answer>;
  /** Records of a query as stored, with the fields that are named or all. */
  rows(table: string, query: string, fields?: string[]): Promise<Json[]>;
  /** A record of the Table API. Its sys_id. */
  create(table: string, values: Json): Promise<string>;
}

/** An instance in a process of its own; calls are made signed in, as admin unless a user is named. */
export async function serve(options: InstanceOptions = {}): Promise<Served> {
  const running = await startInstance({ incidents: 10, ...options });
  const { url } = running;
  const signedIn = new Map<string, Promise<string>>();
  const authorizationOf = (user: string): Promise<string> => {
    const known = signedIn.get(user) ?? signIn(url, user);
    signedIn.set(user, known);
    return known;
  };
  const served: Served = {
    ...running,
    async call(method, path, body, user = "admin") {
      const response = await fetch(url + path, {
        method,
        headers: {
          Accept: "application/json",
          ...(user === "" ? {} : { Authorization: await authorizationOf(user) }),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const parsed = (text.startsWith("{") ? JSON.parse(text) : {}) as Json;
      const { result } = parsed;
      return {
        status: response.status,
        headers: response.headers,
        body: parsed,
        result: (typeof result === "object" && result !== null ? result : {}) as Json,
        list: Array.isArray(result) ? (result as Json[]) : [],
        text,
      };
    },
    async rows(table, query, fields = []) {
      const asked = new URLSearchParams({
        sysparm_query: query,
        sysparm_exclude_reference_link: "true",
        sysparm_fields: fields.join(),
      });
      return (await served.call("GET", `/api/now/table/${table}?${asked}`)).list;
    },
    async create(table, values) {
      const answer = await served.call("POST", `/api/now/table/${table}`, values);
      expect(answer.status).toBe(201);
      return String(answer.result.sys_id);
    },
  };
  return served;
}

/** A token, or basic auth for accounts of programs, which may not have one by password. */
async function signIn(url: string, user: string): Promise<string> {
  const answer = await fetch(`${url}/oauth_token.do`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "password",
      username: user,
      password: user,
      client_id: "demo-client",
      client_secret: "demo-secret",
    }),
  });
  const { access_token } = (await answer.json()) as { access_token?: string };
  return access_token === undefined ? `Basic ${btoa(`${user}:${user}`)}` : `Bearer ${access_token}`;
}

/** The error part of an answer. */
export function errorOf(answer: Answer): { message: string; detail: string | null } {
  expect(answer.body.status).toBe("failure");
  return answer.body.error as { message: string; detail: string | null };
}

/** A business rule that lets no record of the table come in. */
export const forbidInserts = (instance: Served, table: string): Promise<string> =>
  instance.create("sys_script", {
    name: "never",
    collection: table,
    when: "before",
    action_insert: "true",
    active: "true",
    advanced: "true",
    script: "current.setAbortAction(true);",
  });
