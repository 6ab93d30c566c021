import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { DeclaredRoute } from "../../../host/src/http/callers";

const root = join(__dirname, "../../..");

/** Every route of the host, as its source declares them. */
export function declaredRoutes(): DeclaredRoute[] {
  const printed = execFileSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", join(root, "scripts/docs/routes.ts")],
    { cwd: root, encoding: "utf8" },
  );
  return JSON.parse(printed) as DeclaredRoute[];
}
