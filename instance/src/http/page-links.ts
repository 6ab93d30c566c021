import type { Instance } from "../core/instance";
import type { ApiRequest } from "./types";

/** The Link header: the request's own parameters with limit and offset rewritten. Undefined when nothing matches. */
export function pageLinks(
  instance: Instance,
  request: ApiRequest,
  page: { limit: number; offset: number },
  total: number,
): string | undefined {
  const link = (offset: number, rel: string): string => {
    // As sent: what a short URL stands for stays behind its name.
    const query = new URLSearchParams(request.url.split("?")[1]);
    query.delete("access_token");
    query.set("sysparm_limit", String(page.limit));
    query.set("sysparm_offset", String(offset));
    return `<${instance.baseUrl}${request.path}?${query.toString()}>;rel="${rel}"`;
  };
  if (total === 0) return undefined;
  const links = [link(0, "first")];
  if (page.offset > 0) links.push(link(Math.max(0, page.offset - page.limit), "prev"));
  else if (instance.config.negativePrevLink) links.push(link(-page.limit, "prev"));
  if (page.offset + page.limit < total) links.push(link(page.offset + page.limit, "next"));
  links.push(link(Math.floor((total - 1) / page.limit) * page.limit, "last"));
  return links.join(",");
}
