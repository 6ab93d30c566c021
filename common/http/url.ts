import { usageError, ServiceNowError } from "../errors";

/** A value of a parameter. null, undefined and "" leave it out. */
type ParamValue = string | number | boolean | readonly string[] | null | undefined;
/** Parameters by name, such as `sysparm_limit`. */
export type Params = Record<string, ParamValue>;

/** ServiceNow's front end refuses longer addresses with 414. */
export const MAX_URL_BYTES = 8192;

/**
 * The address of an API path with its parameters. Lists are joined by commas; null, undefined and "" are left out.
 *
 * @throws ServiceNowError `usage` for a path that leaves its place, `url-too-long` before ServiceNow's front end refuses it
 */
export function buildUrl(origin: string, path: string, params: Params = {}): string {
  checkPath(path);
  const pairs = Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${encodeValue(value as Exclude<ParamValue, null | undefined>)}`,
    );
  const url = `${origin}${path}${pairs.length ? `?${pairs.join("&")}` : ""}`;
  if (url.length > MAX_URL_BYTES) {
    throw new ServiceNowError({
      kind: "url-too-long",
      what: `The address of this call is ${url.length} bytes long, and ServiceNow takes ${MAX_URL_BYTES}`,
      reason: "A long query or a long list of fields stands in it",
      remedy: "Shorten the query or the list of fields; an IN list can be split over several calls",
      path,
    });
  }
  return url;
}

/** One part of a path (a table name, a sys_id, a file name), encoded; never empty and never a step up. */
export function segment(value: string, what: string): string {
  const text = String(value ?? "").trim();
  if (!text) throw usageError(`The ${what} is empty`);
  if (text === "." || text === "..") throw usageError(`"${text}" is not a ${what}`);
  return encodeURIComponent(text);
}

/** A table name as ServiceNow spells it; refuses labels and anything with a path or query in it. */
export function tableName(name: string): string {
  const text = typeof name === "string" ? name.trim() : "";
  if (!text) throw usageError("The table name is empty", "Give a table name such as incident");
  if (!/^[a-z0-9_]+$/i.test(text)) {
    throw usageError(
      `"${text}" is not a table name`,
      "Table names have letters, digits and underscores only: incident, sc_req_item, u_my_table",
    );
  }
  return text;
}

function checkPath(path: string): void {
  if (!path.startsWith("/")) throw usageError(`The API path "${path}" must start with a slash`);
  if (/[?#\s\\]/.test(path) || path.includes("//") || /(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path)) {
    throw usageError(
      `"${path}" is not an API path`,
      "Give the path alone, such as /api/now/table/incident; parameters go into params",
    );
  }
}

function encodeValue(value: Exclude<ParamValue, null | undefined>): string {
  const text = Array.isArray(value) ? value.join(",") : String(value);
  // Commas and colons are common here, harmless in a query, and every byte counts.
  return encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%40", "@");
}
