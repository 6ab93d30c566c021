// Runs suites again and again in one process, since starting jest takes longer than most suites. Started by suite-runner.ts.
import { join } from "node:path";
import { runCLI } from "jest";

process.on("message", async ({ suites, env }) => {
  for (const [name, value] of Object.entries(env))
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  const root = process.cwd();
  const { results } = await runCLI(
    {
      $0: "jest",
      _: suites,
      runTestsByPath: true,
      runInBand: true,
      silent: true,
      watchman: false,
      reporters: [],
      testEnvironment: join(root, "scripts/mutate/stop-at-first-failure.mjs"),
    },
    [root],
  );
  process.send(results.success && results.numTotalTestSuites === suites.length ? "passed" : "failed");
});
