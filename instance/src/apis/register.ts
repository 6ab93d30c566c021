import type { Instance } from "../core";
import type { Router } from "../http/router";
import { catalogApi } from "./catalog";
import { importSetApi } from "./import-set";
import { tableApi } from "./table";

/** All APIs that are reached through the router. */
export function registerApis(instance: Instance, router: Router): void {
  tableApi(instance, router);
  importSetApi(instance, router);
  catalogApi(instance, router);
}
