import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** A measurement: its figures by name, units in the names (`…Ms`, `…Bytes`, `…Ratio`), nested by subject. */
type Figures = Record<string, unknown>;
interface BenchModule {
  bench: (options: { otherClients: boolean; only: string[] }) => Figures | Promise<Figures>;
}

/**
 * `npm run bench -- [NAME …] [--peers[=FOLDER]] [--only PART[,PART]]`: measures, prints a table for people on stderr and JSON on stdout.
 * `--only` chooses among the parts of `host`.
 */
async function main(): Promise<void> {
  const folder = join(__dirname, "bench");
  const known = readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -3))
    .sort();
  const { values, positionals: asked } = parseArgs({
    options: { only: { type: "string" } },
    allowPositionals: true,
    // `--peers` is for one measurement and may have a value or none.
    strict: false,
  });
  const only = typeof values.only === "string" ? values.only.split(",") : [];
  const unknown = asked.filter((name) => !existsSync(join(folder, `${name}.ts`)));
  if (unknown.length > 0)
    throw new Error(`There is no measurement called ${unknown.join(", ")}. There are: ${known.join(", ")}.`);

  const results: Record<string, Figures> = {};
  for (const name of asked.length > 0 ? asked : known) {
    console.error(`\n${name}`);
    const { bench } = (await import(join(folder, name))) as BenchModule;
    results[name] = await bench({
      otherClients: values.peers !== undefined,
      only,
    });
    for (const [figure, value] of flatten(results[name]))
      console.error(`  ${figure.padEnd(56)} ${format(value)}`);
  }
  console.log(JSON.stringify(results, null, 2));
}

function flatten(figures: Figures, prefix = ""): [string, unknown][] {
  return Object.entries(figures).flatMap(([name, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? flatten(value as Figures, `${prefix}${name}.`)
      : [[prefix + name, value]],
  );
}

function format(value: unknown): string {
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
});
