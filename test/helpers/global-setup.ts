import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * Tests start the built programs, so they must be those of the present sources. `npm test` has built them already and stops
 * when that fails; a single suite run through jest goes on, since it may not need the part that does not build.
 */
export default function globalSetup(): void {
  if (process.env.PROGRAMS_BUILT) return;
  const setup = spawnSync(process.execPath, [join(__dirname, "../../scripts/run.mjs"), "setup"], {
    stdio: ["ignore", 2, 2],
  });
  if (setup.status !== 0)
    console.error(
      "The build failed; suites that start the host or the instance run the last bundle that was built.",
    );
}
