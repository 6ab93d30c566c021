import { randomBytes } from "node:crypto";
import { errors } from "../core/errors";
import type { Instance } from "../core/instance";

/** Keeps the parameters of a URL and returns the same address with `sysparm_tiny` in their place. */
export function shortenUrl(instance: Instance, url: string): string {
  const at = url.indexOf("?");
  const id = randomBytes(16).toString("hex");
  instance.store.setState(stateName(id), at < 0 ? "" : url.slice(at + 1));
  return `${at < 0 ? url : url.slice(0, at)}?sysparm_tiny=${id}`;
}

/**
 * The parameters of a request, with those that `sysparm_tiny` stands for; what the request says itself goes first.
 *
 * @throws ApiError 400 for an id that was not given out
 */
export function expandTiny(instance: Instance, query: URLSearchParams): URLSearchParams {
  const id = query.get("sysparm_tiny");
  if (id === null) return query;
  const kept = instance.store.state(stateName(id));
  if (kept === undefined) throw errors.badRequest("Invalid sysparm_tiny", "There is no such short URL");
  const expanded = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(kept)) if (!query.has(name)) expanded.append(name, value);
  return expanded;
}

const stateName = (id: string): string => `tiny:${id}`;
