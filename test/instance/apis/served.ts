import { buildInstance, type BuildOptions, type BuiltInstance } from "../../../instance/src/build";

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

export interface Served {
  built: BuiltInstance;
  url: string;
  call(method: string, path: string, body?: unknown, user?: string): Promise<Answer>;
  stop(): Promise<void>;
}

/** An instance served over HTTP from this process; calls are made with basic auth, as admin unless a user is named. */
export async function serve(options: BuildOptions = {}): Promise<Served> {
  const built = buildInstance({ incidents: 10, users: 20, groups: 8, ...options });
  const url = await built.app.listen({ port: 0, host: "127.0.0.1" });
  built.instance.listeningOn = url;
  return {
    built,
    url,
    async call(method, path, body, user = "admin") {
      const response = await fetch(url + path, {
        method,
        headers: {
          Accept: "application/json",
          ...(user === "" ? {} : { Authorization: `Basic ${btoa(`${user}:${user}`)}` }),
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
    async stop() {
      built.app.server.closeAllConnections();
      await built.close();
    },
  };
}

/** The error part of an answer. */
export function errorOf(answer: Answer): { message: string; detail: string | null } {
  expect(answer.body.status).toBe("failure");
  return answer.body.error as { message: string; detail: string | null };
}
