import { parseArgs } from "node:util";
import { tortureHost } from "./run";

/** `npm run torture -- host [--seconds N] [--sources N] [--workers N]`: JSON on stdout; ends with 1 when anything is lost, doubled, missing or out of order. */
export async function hostCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "180" },
      sources: { type: "string", default: "200" },
      workers: { type: "string", default: "3" },
    },
  });
  const result = await tortureHost({
    seconds: Number(values.seconds),
    leastKills: 1,
    leastRestarts: 1,
    sources: Number(values.sources),
    workers: Number(values.workers),
    killEveryMs: 5000,
    restartEveryMs: 30_000,
    log: (line) => console.error(`  ${line}`),
  });
  console.log(JSON.stringify(result, null, 2));
  const { events, lost, doubled, missing, outOfOrder } = result;
  if (events === 0 || lost + doubled + missing + outOfOrder > 0) process.exitCode = 1;
}
