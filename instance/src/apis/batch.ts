import type { Instance } from "../core/instance";
import { readJson } from "../http/body";
import { ApiError, errors } from "../core/errors";
import { readApiPath, type Router } from "../http/router";
import { expandTiny } from "../http/tiny-url";
import { json, type ApiRequest, type ApiResponse } from "../http/types";
import { asText } from "../records/input";

interface Part {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  excludeHeaders: boolean;
}

const maxIn = 5 * 1024 * 1024;
const maxOut = 10 * 1024 * 1024;
const texts: Record<number, string> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
};

/** The Batch API: each part runs as the caller, in the order given; what does not fit the time is left unserviced. */
export function batchApi(instance: Instance, router: Router): void {
  router.on("POST", "now/batch", async (request) => {
    const asked = readJson(request) as { batch_request_id?: unknown; rest_requests?: unknown };
    if (typeof asked !== "object" || asked === null || !Array.isArray(asked.rest_requests))
      throw errors.badRequest("Invalid batch request", "rest_requests must be a list");
    const largest = Math.min(
      maxOut,
      Number(request.headers["x-batchrequest-max-output-size"] ?? maxOut) || maxOut,
    );
    const serviced: Record<string, unknown>[] = [];
    const unserviced: string[] = [];
    const ends = instance.clock.now() + instance.config.batchQuotaSeconds * 1000;
    for (const given of asked.rest_requests as unknown[]) {
      const part = readPart(given);
      // However small the quota is, the first is served.
      if (serviced.length > 0 && instance.clock.now() >= ends) {
        unserviced.push(part.id);
        continue;
      }
      serviced.push(await serve(instance, router, request, part, largest));
    }
    return json(
      200,
      JSON.stringify({
        batch_request_id: asText(asked.batch_request_id),
        serviced_requests: serviced,
        unserviced_requests: unserviced,
      }),
    );
  });
}

function readPart(given: unknown): Part {
  const part = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  const headers: Record<string, string> = {};
  if (Array.isArray(part.headers))
    for (const header of part.headers as { name?: unknown; value?: unknown }[])
      if (header && typeof header === "object")
        headers[asText(header.name).toLowerCase()] = asText(header.value);
  return {
    id: asText(part.id),
    method: asText(part.method ?? "GET").toUpperCase(),
    url: asText(part.url),
    headers,
    body: Buffer.from(typeof part.body === "string" ? part.body : "", "base64"),
    excludeHeaders: part.exclude_response_headers === true || part.exclude_response_headers === "true",
  };
}

async function serve(
  instance: Instance,
  router: Router,
  outer: ApiRequest,
  part: Part,
  largest: number,
): Promise<Record<string, unknown>> {
  const started = performance.now();
  let response: ApiResponse;
  try {
    response = await dispatch(instance, router, outer, part);
  } catch (error) {
    if (!(error instanceof ApiError)) console.error("A part of a batch failed:", error);
    const refused = error instanceof ApiError ? error : new ApiError(500, "Internal server error");
    response = json(refused.status, refused.body());
  }
  const body =
    typeof response.body === "string" || Buffer.isBuffer(response.body)
      ? Buffer.from(response.body)
      : Buffer.alloc(0);
  const tooLarge = body.length > largest;
  return {
    id: part.id,
    status_code: tooLarge ? 500 : response.status,
    status_text: texts[tooLarge ? 500 : response.status] ?? "",
    body: tooLarge ? "" : body.toString("base64"),
    ...(tooLarge ? { error_message: `The response is larger than ${largest} bytes` } : {}),
    headers: part.excludeHeaders
      ? []
      : Object.entries(response.headers).map(([name, value]) => ({ name, value })),
    execution_time: Math.round(performance.now() - started),
  };
}

async function dispatch(
  instance: Instance,
  router: Router,
  outer: ApiRequest,
  part: Part,
): Promise<ApiResponse> {
  if (part.body.length > maxIn) throw errors.bodyTooLarge(part.body.length, maxIn);
  // No limit on the URL: that of the front end does not see it, which is what batches are recommended for.
  const at = part.url.indexOf("?");
  const path = (at < 0 ? part.url : part.url.slice(0, at)).replace(/^\/?/, "/");
  const apiPath = readApiPath(path);
  if (!apiPath || (apiPath.segments[0] === "now" && apiPath.segments[1] === "batch"))
    throw errors.noResource(instance.config.unknownUriStatus);
  return router.dispatch(
    {
      method: part.method,
      url: part.url,
      path,
      version: apiPath.version,
      query: expandTiny(instance, new URLSearchParams(at < 0 ? "" : part.url.slice(at + 1))),
      headers: part.headers,
      body: part.body,
      session: { ...outer.session, version: apiPath.version },
    },
    apiPath,
  );
}
