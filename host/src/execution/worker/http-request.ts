import { isRecord, asText } from "../../../../components/prop-rules";

interface Pair {
  name: string;
  value: string;
}

/** The object behind an `http_request` prop: `execute()` sends what the form described and gives `{ data, status, headers }`. */
export function httpRequest(value: unknown): { execute(): Promise<unknown> } & Record<string, unknown> {
  const request = isRecord(value) ? value : {};
  return { ...request, execute: () => execute(request) };
}

async function execute(request: Record<string, unknown>): Promise<unknown> {
  const url = new URL(String(request.url));
  for (const { name, value } of pairs(request.params)) url.searchParams.append(name, value);
  const headers = new Headers();
  for (const { name, value } of pairs(request.headers)) headers.append(name, value);
  const auth = isRecord(request.auth) ? request.auth : {};
  if (auth.type === "bearer") headers.set("authorization", `Bearer ${String(auth.token)}`);
  if (auth.type === "basic")
    headers.set(
      "authorization",
      `Basic ${Buffer.from(`${asText(auth.username)}:${asText(auth.password)}`).toString("base64")}`,
    );
  const method = asText(request.method ?? "GET").toUpperCase();
  const body = method === "GET" || method === "HEAD" ? undefined : bodyOf(request.body, headers);
  const response = await fetch(url, { method, headers, body });
  const text = await response.text();
  const result = {
    status: response.status,
    statusText: response.statusText,
    headers: Object.fromEntries(response.headers),
    data: parsed(text),
  };
  if (!response.ok)
    throw Object.assign(new Error(`Request failed with status code ${response.status}`), {
      response: result,
    });
  return result;
}

function bodyOf(body: unknown, headers: Headers): string | undefined {
  if (!isRecord(body)) return undefined;
  const contentType = typeof body.contentType === "string" ? body.contentType : undefined;
  const isRaw = (body.mode ?? body.type) === "raw";
  if (isRaw) {
    if (contentType && !headers.has("content-type")) headers.set("content-type", contentType);
    return asText(body.raw);
  }
  const fields = Object.fromEntries(pairs(body.fields).map(({ name, value }) => [name, value]));
  if (contentType === "application/x-www-form-urlencoded") {
    headers.set("content-type", contentType);
    return new URLSearchParams(fields).toString();
  }
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  return JSON.stringify(fields);
}

function pairs(list: unknown): Pair[] {
  return (Array.isArray(list) ? list : [])
    .filter((item): item is Record<string, unknown> => isRecord(item) && item.name !== undefined)
    .map((item) => ({ name: asText(item.name), value: asText(item.value) }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
