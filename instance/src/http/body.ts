import { errors } from "../core/errors";
import { parseRelaxed } from "./relaxed-json";
import type { ApiRequest } from "./types";
import { recordFromXml } from "./xml";

/**
 * The record a body holds: JSON (leniently), or XML. Of an array only the first record counts; no body is an empty record.
 *
 * @throws ApiError 400 when it cannot be read, 415 for another media type
 */
export function readRecord(request: ApiRequest): Record<string, unknown> {
  const value = readJson(request);
  const first: unknown = Array.isArray(value) ? (value[0] ?? {}) : value;
  if (typeof first !== "object" || first === null || Array.isArray(first)) throw errors.unreadableBody();
  const record = first as Record<string, unknown>;
  // Older clients wrap the record as the DirectWeb services did.
  if (Object.keys(record).length === 1 && Array.isArray(record.records))
    return (record.records[0] as Record<string, unknown> | undefined) ?? {};
  return record;
}

/** Any JSON value of a body; an empty body is an empty object. */
export function readJson(request: ApiRequest): unknown {
  const [media = ""] = (request.headers["content-type"] ?? "application/json").split(";");
  const type = media.trim().toLowerCase();
  const text = request.body
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trim();
  if (text === "") return {};
  if (type !== "" && !type.includes("/")) fail();
  if (isTooDeep(text)) fail();
  if (/^(application|text)\/xml$/.test(type)) return recordFromXml(text) ?? fail();
  if (
    !/^(application\/([\w.+-]*\+)?json|text\/(plain|json)|application\/x-www-form-urlencoded|\*\/\*|)$/.test(
      type,
    )
  )
    throw errors.badMediaType();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const relaxed = parseRelaxed(text);
    return relaxed === undefined ? fail() : relaxed;
  }
}

/** What is nested deeper than this is no record, and walking through it would exhaust the stack. */
const deepest = 500;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [sign] of text.matchAll(/[[{}\]]|"(?:[^"\\]|\\.)*"/gs)) {
    if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

function fail(): never {
  throw errors.unreadableBody();
}
