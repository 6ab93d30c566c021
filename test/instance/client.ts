import { startInstance, type InstanceOptions, type RunningInstance } from "../helpers/instance";

export type Row = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; throws when it is none. */
  json: () => Record<string, unknown>;
  /** Its `result`. */
  result: never;
}

/** A running instance with short ways to call it; users' passwords are their names. */
export interface TestInstance extends RunningInstance {
  call(
    method: string,
    path: string,
    options?: { as?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Rows of a table by encoded query. */
  rows<T = Row>(table: string, query: string, params?: Record<string, string>, as?: string): Promise<T[]>;
  create<T = Row>(table: string, values: Row, as?: string): Promise<T>;
  update<T = Row>(table: string, id: string, values: Row, as?: string): Promise<T>;
}

export async function testInstance(options: InstanceOptions = {}): Promise<TestInstance> {
  const running = await startInstance(options);
  const call: TestInstance["call"] = async (method, path, { as = "admin", body, headers = {} } = {}) => {
    const response = await fetch(running.url + path, {
      method,
      redirect: "manual",
      headers: {
        accept: "application/json",
        authorization: `Basic ${Buffer.from(`${as}:${as}`).toString("base64")}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const json = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json,
      get result() {
        return json().result as never;
      },
    };
  };
  const fine = async <T>(answer: Promise<Answer>): Promise<T> => {
    const { status, text, json } = await answer;
    if (status >= 300) throw new Error(`HTTP ${status}: ${text.slice(0, 300)}`);
    return json().result as T;
  };
  return {
    ...running,
    call,
    rows: (table, query, params = {}, as = "admin") =>
      fine(
        call("GET", `/api/now/table/${table}?${new URLSearchParams({ sysparm_query: query, ...params })}`, {
          as,
        }),
      ),
    create: (table, values, as = "admin") =>
      fine(call("POST", `/api/now/table/${table}`, { as, body: values })),
    update: (table, id, values, as = "admin") =>
      fine(call("PATCH", `/api/now/table/${table}/${id}`, { as, body: values })),
  };
}
