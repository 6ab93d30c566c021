import { completeLibrary } from "./build/library";
import { bundleWindmillScripts } from "./build/windmill";

/** `npm run build`, after the bundles were made. */
async function main(): Promise<void> {
  const problems = completeLibrary();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return void (process.exitCode = 1);
  await bundleWindmillScripts();
  console.error("dist/ is complete (dist)");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
