import type { Instance } from "../core";
import type { Router } from "../http/router";
import { tableApi } from "./table";

/** All APIs that are reached through the router. */
export function registerApis(instance: Instance, router: Router): void {
  tableApi(instance, router);
}
