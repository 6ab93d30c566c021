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
}

/** An instance in a process of its own; calls are made with basic auth, as admin unless a user is named. */
export async function serve(options: InstanceOptions = {}): Promise<Served> {
  const running = await startInstance({ incidents: 10, ...options });
  const { url } = running;
  return {
    ...running,
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
  };
}

/** The error part of an answer. */
export function errorOf(answer: Answer): { message: string; detail: string | null } {
  expect(answer.body.status).toBe("failure");
  return answer.body.error as { message: string; detail: string | null };
}
