import { parseArgs } from "node:util";
import { tortureWorkflows } from "./run";

/** `npm run torture -- workflows [--kills N]`: JSON on stdout; ends with 1 when a run is lost, a record doubled or a step started early. */
export async function workflowsCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { kills: { type: "string", default: "200" } } });
  const result = await tortureWorkflows({
    kills: Number(values.kills),
    eventEverySeconds: 4,
    log: (line) => console.error(`  ${line}`),
  });
  console.log(JSON.stringify(result, null, 2));
  const { runs, lost, doubledWrites, startedEarly } = result;
  if (runs === 0 || lost + doubledWrites + startedEarly > 0) process.exitCode = 1;
}
