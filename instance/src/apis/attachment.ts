import type { Instance } from "../core";
import type { Router } from "../http/router";

export function attachmentApi(_instance: Instance, _router: Router): void {}
