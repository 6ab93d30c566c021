import type { Instance } from "../core/instance";
import type { Router } from "../http/router";
import { attachmentApi } from "./attachment";
import { batchApi } from "./batch";
import { caseApi } from "./case";
import { catalogApi } from "./catalog";
import { changeApi } from "./change";
import { cmdbApi } from "./cmdb";
import { importSetApi } from "./import-set";
import { knowledgeApi } from "./knowledge";
import { legacyJsonApi } from "./legacy-json";
import { messageApis } from "./messages";
import { statsApi } from "./stats";
import { tableApi } from "./table";

/** All APIs that are reached through the router. */
export function registerApis(instance: Instance, router: Router): void {
  for (const register of [
    tableApi,
    statsApi,
    attachmentApi,
    batchApi,
    importSetApi,
    catalogApi,
    knowledgeApi,
    changeApi,
    caseApi,
    cmdbApi,
    legacyJsonApi,
    messageApis,
  ])
    register(instance, router);
}
