import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CallerKind, DeclaredRoute } from "../../host/src/http/callers";

const START = "<!-- routes: written by npm run docs -->";
const END = "<!-- /routes -->";
const COLUMNS: CallerKind[] = ["operator", "server", "page", "connect", "anybody"];

/** `docs/security.md` with the table of routes as the host declares them today; the text around it is written by hand. */
export function securityPage(root: string): string {
  const text = readFileSync(join(root, "docs/security.md"), "utf8");
  const [before, after] = [text.indexOf(START), text.indexOf(END)];
  if (before < 0 || after < before)
    throw new Error(
      `docs/security.md needs the lines "${START}" and "${END}", between which the table is written.`,
    );
  return `${text.slice(0, before)}${START}\n\n${table(declaredRoutes(root))}\n\n${text.slice(after)}`;
}

/** Asked for as a program, since tests look at this page too, and jest cannot load what the server is made of. */
function declaredRoutes(root: string): DeclaredRoute[] {
  const program = [join(root, "scripts/docs/routes.ts")];
  const printed = execFileSync(process.execPath, ["-r", "ts-node/register/transpile-only", ...program], {
    cwd: root,
    encoding: "utf8",
  });
  return JSON.parse(printed) as DeclaredRoute[];
}

function table(routes: DeclaredRoute[]): string {
  const rows = new Map<string, { methods: string[]; callers: string }>();
  for (const { method, path, callers } of routes) {
    const shown = path.replace("/v1/connect/:project_id/", "/v1/connect/");
    const marks = COLUMNS.map((kind) => (callers.includes(kind) ? "yes" : "")).join(" | ");
    const key = `${shown} ${marks}`;
    const row = rows.get(key) ?? { methods: [], callers: marks };
    if (!row.methods.includes(method)) row.methods.push(method);
    rows.set(key, row);
  }
  return [
    `| route | methods | ${COLUMNS.join(" | ")} |`,
    `|---|---|${COLUMNS.map(() => "---").join("|")}|`,
    ...[...rows]
      .map(
        ([key, { methods, callers }]) =>
          `| \`${key.split(" ")[0]}\` | ${methods.length > 9 ? "all" : methods.sort().join(", ")} | ${callers} |`,
      )
      .sort(),
  ].join("\n");
}
