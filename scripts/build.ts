import { completeLibrary } from "./build/library";

/** `npm run build`, after the bundles were made. */
const problems = completeLibrary();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.error("dist/ is complete (dist)");
