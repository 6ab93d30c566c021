import type { Instance } from "../core";
import type { PageRequest, PageResponse } from "../oauth/routes";

/** The pages for people. Undefined when the path is none of them. */
export function people(_instance: Instance, _request: PageRequest): PageResponse | undefined {
  return undefined;
}
