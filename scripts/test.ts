import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser } from "./browser";
import { installDebianPackages } from "./debian-package";
import { findNginx } from "./nginx";

/**
 * `npm test`: every suite, the browser included. Arguments go to jest (`npm test -- test/common`).
 * The last line is `N passed, N failed`; a suite that could not even start counts as one failure.
 */
function main(): number {
  const root = join(__dirname, "..");
  const report = join(root, ".cache", "jest-report.json");
  mkdirSync(join(root, ".cache"), { recursive: true });
  rmSync(report, { force: true });
  const jestArguments = process.argv.slice(2);
  const env = { ...process.env };
  const browserAsked =
    jestArguments.length === 0 || jestArguments.some((argument) => argument.includes("browser"));
  if (browserAsked) env.CHROMIUM_PATH = ensureBrowser();
  // Without it that one suite fails and says what is missing.
  if (jestArguments.length === 0 && !findNginx())
    installDebianPackages(["nginx-light"], "the tests behind nginx");

  const jest = spawnSync(
    process.execPath,
    [require.resolve("jest/bin/jest"), "--json", `--outputFile=${report}`, ...jestArguments],
    { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] },
  );
  const counts = readCounts(report);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return jest.status === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
}

function readCounts(file: string): { passed: number; failed: number } {
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as JestReport;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    };
  } catch {
    // jest died before it wrote its report: that is a failure, not an empty run.
    return { passed: 0, failed: 1 };
  }
}

process.exitCode = main();
