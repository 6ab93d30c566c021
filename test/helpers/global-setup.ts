import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Tests start the built programs, so they must be those of the present sources. */
export default function globalSetup(): void {
  execFileSync(process.execPath, [join(__dirname, "../../scripts/setup.mjs"), "--web"], {
    stdio: ["ignore", 2, 2],
  });
}
