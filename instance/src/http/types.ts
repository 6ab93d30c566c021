import type { Readable } from "node:stream";
import type { Session } from "../core/session";

/** A request as the APIs see it, whether it came over HTTP or inside a batch. */
export interface ApiRequest {
  method: string;
  /** Path and query as sent. */
  url: string;
  /** Path as sent, without the query. */
  path: string;
  /** `v1`, `v2` or nothing. */
  version: string | undefined;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Buffer;
  session: Session;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | Readable;
}

/** The parameters of a path pattern by name: those of `now/table/:table/:id` are `table` and `id`. */
export type PathParams<Pattern extends string> = Record<ParamNames<Pattern>, string>;
type ParamNames<Pattern extends string> = Pattern extends `${infer Head}/${infer Rest}`
  ? ParamNames<Head> | ParamNames<Rest>
  : Pattern extends `:${infer Name}`
    ? Name
    : never;

export type Handler<Params> = (request: ApiRequest, params: Params) => ApiResponse | Promise<ApiResponse>;

export function json(status: number, body: string, headers: Record<string, string> = {}): ApiResponse {
  return { status, headers: { "Content-Type": "application/json;charset=UTF-8", ...headers }, body };
}

/** `{"result": …}` around a value. */
export function result(value: unknown, status = 200, headers: Record<string, string> = {}): ApiResponse {
  return json(status, JSON.stringify({ result: value }), headers);
}

export function empty(status: number, headers: Record<string, string> = {}): ApiResponse {
  return { status, headers, body: "" };
}

export function html(status: number, body: string, headers: Record<string, string> = {}): ApiResponse {
  return { status, headers: { "Content-Type": "text/html;charset=UTF-8", ...headers }, body };
}
