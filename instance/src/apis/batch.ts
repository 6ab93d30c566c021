import type { Instance } from "../core";
import type { Router } from "../http/router";

export function batchApi(_instance: Instance, _router: Router): void {}
