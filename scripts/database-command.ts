import { parseArgs } from "node:util";

/** The one file that `npm run backup` and `npm run restore` take. @throws Error that shows how it is given. */
export function fileArgument(command: string): string {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Error(`Give one file: npm run ${command} -- FILE`);
  return file;
}

/** Prints the result as one line of JSON, or the error in words with exit code 1. */
export async function runDatabaseCommand(work: () => Promise<object>): Promise<void> {
  try {
    if (process.env.DATABASE_URL)
      throw new Error(
        "DATABASE_URL is set: its server has backups of its own (pg_dump, pg_restore). This command is for the embedded database.",
      );
    console.log(JSON.stringify(await work()));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
