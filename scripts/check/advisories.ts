import { spawn } from "node:child_process";

const WAIT_MS = 60_000;

/** What `npm audit --json` printed, as far as it is read. */
interface Audit {
  vulnerabilities?: Record<string, { severity: string; via: (string | { title: string; url: string })[] }>;
  message?: string;
}

/**
 * Known weaknesses, high and critical, of the packages that a release brings with it. Where the registry does not answer, nothing is known:
 * that is printed, and is no problem of the code.
 */
export async function advisoryProblems(root: string): Promise<string[]> {
  const audit = readAudit(await printedAudit(root));
  if (typeof audit !== "string") return audit;
  console.log(`       npm audit was not answered, so nothing is known: ${audit}`);
  return [];
}

/** @returns the problems, or why nothing is known. */
export function readAudit(printed: string): string[] | string {
  let audit: Audit;
  try {
    audit = JSON.parse(printed) as Audit;
  } catch {
    return printed.trim().slice(0, 300) || "it printed nothing";
  }
  if (!audit.vulnerabilities)
    return audit.message ?? "it named no weaknesses, and did not say that there are none";
  return Object.entries(audit.vulnerabilities)
    .filter(([, { severity }]) => severity === "high" || severity === "critical")
    .map(([name, { severity, via }]) => {
      const reasons = via.map((reason) =>
        typeof reason === "string" ? `by ${reason}` : `${reason.title} ${reason.url}`,
      );
      return `${name}: ${severity}, ${reasons.join("; ")}`;
    });
}

function printedAudit(root: string): Promise<string> {
  return new Promise((resolve) => {
    const npm = spawn("npm", ["audit", "--json", "--omit=dev"], {
      cwd: root,
      shell: process.platform === "win32",
      timeout: WAIT_MS,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let printed = "";
    npm.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    npm.once("error", (error) => resolve(error.message));
    npm.once("close", () => resolve(printed));
  });
}
