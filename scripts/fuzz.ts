import { spawnSync } from "node:child_process";
import { join } from "node:path";

const REQUESTS = "20000";

/**
 * `npm run fuzz`: the requests of `test/security/fuzz.test.ts`, ten times as many as `npm test` sends. `FUZZ_REQUESTS` sends another number,
 * `FUZZ_SEED` begins elsewhere. Exit 1 when one was answered with a 5xx, hung, or left memory behind.
 */
function main(): number {
  const root = join(__dirname, "..");
  const jest = spawnSync(
    process.execPath,
    [require.resolve("jest/bin/jest"), "-i", "test/security/fuzz.test.ts"],
    {
      cwd: root,
      env: { ...process.env, FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? REQUESTS },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  return jest.status ?? 1;
}

process.exitCode = main();
