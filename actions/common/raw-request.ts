import type { HttpMethod, ServiceNow } from "../../common";
import { isBlank, oneOf, optionalObject, requiredText, wrongInput } from "./input";
import { textOf } from "../../common/table/cells";

interface RawProps {
  method?: string | undefined;
  path: string;
  params?: Record<string, unknown> | undefined;
  body?: string | undefined;
  headers?: Record<string, unknown> | undefined;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const satisfies readonly HttpMethod[];
const SHOWN_HEADERS = ["content-type", "x-total-count", "location", "link", "x-transaction-id"];

const texts = (values: Record<string, unknown> | undefined) =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]));

/** The path on the instance, parameters apart. An address of another host is refused, since the account's token would go there. */
function readPath(input: string): { path: string; params: Record<string, string> } {
  const text = requiredText(input, "Path", "/api/now/table/incident");
  if (!text.startsWith("/") || text.startsWith("//") || text.includes("\\"))
    throw wrongInput(
      "Path must begin with one slash and stay on the instance, such as /api/now/table/incident.",
    );
  const url = new URL(text, "https://instance.invalid");
  return { path: url.pathname, params: Object.fromEntries(url.searchParams) };
}

function readBody(text: unknown): unknown {
  if (isBlank(text)) return undefined;
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrongInput("Body is not valid JSON.");
  }
}

/** Calls an API of the instance. Errors are those of the client, with ServiceNow's own message. */
export async function sendRequest(
  client: ServiceNow,
  props: RawProps,
): Promise<{
  method: HttpMethod;
  status: number;
  path: string;
  headers: Record<string, string>;
  data: unknown;
  encoding?: "base64";
}> {
  const method = oneOf(props.method, METHODS, "Method");
  const { path, params } = readPath(props.path);
  const body = readBody(props.body);
  if (method === "GET" && body !== undefined) throw wrongInput("A GET request has no body.");
  const answer = await client.request({
    method,
    path,
    params: { ...params, ...texts(optionalObject(props.params, "Params")) },
    headers: texts(optionalObject(props.headers, "Headers")),
    ...(body === undefined ? {} : { body }),
    responseType: "bytes",
    anyAnswer: true,
  });
  const headers = Object.fromEntries(
    SHOWN_HEADERS.filter((name) => answer.headers[name] !== undefined).map((name) => [
      name,
      answer.headers[name] ?? "",
    ]),
  );
  return {
    method,
    status: answer.status,
    path,
    headers,
    ...bodyOf(answer.data, answer.headers["content-type"] ?? ""),
  };
}

/** A body as it came: JSON parsed, other texts as text, everything else in base64. Null where there was none. */
function bodyOf(content: unknown, type: string): { data: unknown; encoding?: "base64" } {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(textOf(content));
  if (bytes.length === 0) return { data: null };
  const isText = type === "" || /^text\/|json|xml|csv|javascript|yaml|urlencoded/i.test(type);
  if (!isText) return { data: Buffer.from(bytes).toString("base64"), encoding: "base64" };
  const charset = /charset="?([\w-]+)/i.exec(type)?.[1] ?? "utf-8";
  const text = new TextDecoder(isKnown(charset) ? charset : "utf-8").decode(bytes);
  if (!/json/i.test(type)) return { data: text };
  try {
    return { data: JSON.parse(text) as unknown };
  } catch {
    // Announced as JSON, and is none: the text says what came.
    return { data: text };
  }
}

function isKnown(charset: string): boolean {
  try {
    return Boolean(new TextDecoder(charset));
  } catch {
    return false;
  }
}
