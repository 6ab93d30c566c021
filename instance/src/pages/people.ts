import type { Instance } from "../core";
import type { PageRequest, PageResponse } from "../oauth/routes";
import { style } from "./html";

/** The pages for people. Undefined when the path is none of them. */
export function people(_instance: Instance, request: PageRequest): PageResponse | undefined {
  if (request.path === "/instance.css")
    return { status: 200, headers: { "Content-Type": "text/css" }, body: style };
  return undefined;
}
