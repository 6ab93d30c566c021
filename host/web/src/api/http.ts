import type { PageInfo, Session } from "./types";

/** A request that did not succeed, in words for the person at the page. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 when the host did not answer. */
    readonly status: number,
    /** The form field at fault, if the host named one. */
    readonly field?: string,
    /** Props the host or the component refused, each with what is wrong. */
    readonly problems: PropProblem[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export interface PropProblem {
  prop: string;
  message: string;
}

/** The account of one person on one machine: everything on the page belongs to it. */
export const projectPath = "/v1/connect/local";
export const externalUserId = "local";

let session: Promise<Session> | undefined;
let bearer: string | undefined;

/** Where accounts are made. The user of a connect token is told by the token. */
export function newAccountPath(): string {
  return `${projectPath}/accounts${bearer ? "" : `?external_user_id=${externalUserId}`}`;
}

/** From now on requests carry this token, and need no session of the page. */
export function authorizeWith(token: string): void {
  bearer = token;
}

/** The page's session, asked for once. A failure is not kept, so the next call asks again. */
export function getSession(): Promise<Session> {
  session ??= send<Session>("GET", "/api/session", undefined, {}).catch((error: unknown) => {
    session = undefined;
    throw error;
  });
  return session;
}

let onSignedOut: () => void = () => undefined;

/** Called when the session is over and the host gives no new one by itself. */
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/**
 * Sends JSON to the host and gives its JSON back (undefined for an empty answer).
 * @throws ApiError with the host's own words, or with what to do when there are none.
 */
export async function api<T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  contentType?: string,
): Promise<T> {
  const more: Record<string, string> = contentType === undefined ? {} : { "content-type": contentType };
  if (bearer) return send<T>(method, path, body, { ...more, authorization: `Bearer ${bearer}` }, signal);
  const { csrf_token } = await getSession();
  try {
    return await send<T>(method, path, body, { ...more, "x-csrf-token": csrf_token }, signal);
  } catch (error) {
    // A session that is over, or of a host that was started again: take a new one and try once more.
    if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 401)) throw error;
    session = undefined;
    const fresh = await getSession().catch((refused: unknown) => {
      onSignedOut();
      throw refused;
    });
    if (fresh.csrf_token === csrf_token && error.status === 403) throw error;
    return send<T>(method, path, body, { ...more, "x-csrf-token": fresh.csrf_token }, signal);
  }
}

/** As {@link api}, with a YAML text as the body. */
export const apiText = <T>(method: "POST" | "PUT", path: string, yaml: string): Promise<T> =>
  api<T>(method, path, yaml, undefined, "application/yaml");

/** Every row of a paged list. */
export async function listAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const rows: T[] = [];
  let after: string | null | undefined;
  do {
    const query = after ? `${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(after)}` : "";
    const answer = await api<{ data: T[]; page_info?: PageInfo }>("GET", path + query, undefined, signal);
    rows.push(...answer.data);
    after = answer.data.length > 0 ? answer.page_info?.end_cursor : undefined;
  } while (after);
  return rows;
}

async function send<T>(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" && isText(headers) ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("The host does not answer. Check that it still runs, then try again.", 0);
  }
  const text = await response.text();
  if (!response.ok) throw readError(response.status, text);
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError("The host's answer is not readable. Reload the page.", response.status);
  }
}

const isText = (headers: Record<string, string>): boolean => headers["content-type"] === "application/yaml";

function readError(status: number, text: string): ApiError {
  let said: { error?: unknown; message?: unknown; field?: unknown; problems?: unknown } = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) said = parsed;
  } catch {
    // Not JSON: the status alone has to do.
  }
  const message =
    messageOf(said.error) ?? messageOf(said.message) ?? `The host answered with status ${status}.`;
  return new ApiError(
    message,
    status,
    typeof said.field === "string" ? said.field : undefined,
    Array.isArray(said.problems) ? said.problems.filter(isProblem) : [],
  );
}

function isProblem(value: unknown): value is PropProblem {
  return (
    typeof value === "object" &&
    value !== null &&
    "prop" in value &&
    "message" in value &&
    typeof value.message === "string"
  );
}

function messageOf(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "object" && value !== null && "message" in value) return messageOf(value.message);
  return undefined;
}

/** The message of anything thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
