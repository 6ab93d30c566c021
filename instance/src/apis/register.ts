import type { Instance } from "../core/instance";
import type { Router } from "../http/router";
import { appServiceApi } from "./app-service";
import { attachmentApi } from "./attachment";
import { batchApi } from "./batch";
import { caseApi } from "./case";
import { catalogApi } from "./catalog";
import { changeApi } from "./change";
import { cmdbApi } from "./cmdb";
import { importSetApi } from "./import-set";
import { knowledgeApi } from "./knowledge";
import { legacyJsonApi } from "./legacy-json";
import { listExports } from "./list-exports";
import { messageApis } from "./messages";
import { onCallApi } from "./on-call";
import { statsApi } from "./stats";
import { tableApi } from "./table";
import { tinyUrlApi } from "./tiny-url";

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
    onCallApi,
    cmdbApi,
    appServiceApi,
    legacyJsonApi,
    listExports,
    tinyUrlApi,
    messageApis,
  ])
    register(instance, router);
}
