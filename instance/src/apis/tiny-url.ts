import { errors } from "../core/errors";
import type { Instance } from "../core/instance";
import type { Router } from "../http/router";
import { shortenUrl } from "../http/tiny-url";
import { result } from "../http/types";
import { asString, bodyObject } from "./rows";

/** `POST /api/now/tinyurl` `{"url": …}`: a short address in place of one whose parameters are too long. */
export function tinyUrlApi(instance: Instance, router: Router): void {
  router.on("POST", "now/tinyurl", (request) => {
    const url = asString(bodyObject(request).url);
    if (url === "") throw errors.badRequest("Invalid request", "url is mandatory");
    return result(shortenUrl(instance, url));
  });
}
