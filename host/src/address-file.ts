import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Beside the credentials: where the host with them is reached, for programs that are given the credentials alone. */
const FILE = "address.json";

export async function writeAddress(dataDir: string, url: string): Promise<void> {
  await writeFile(join(dataDir, FILE), `${JSON.stringify({ url })}\n`, { mode: 0o600 });
}

/** The address that the host of this folder listened on last; undefined where none is known. */
export function readAddress(dataDir: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, FILE), "utf8")) as { url?: unknown };
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}
