import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "../encryption";

/** A folder that an action leaves files in, and from which they can be fetched. */
export interface Stash {
  id: string;
  folder: string;
}

/** The folder of an earlier run, or a new one. */
export async function openStash(
  dataDir: string,
  asked: string | boolean | null | undefined,
): Promise<Stash | undefined> {
  if (asked === null || asked === undefined || asked === false) return undefined;
  const id = typeof asked === "string" && /^stash_[A-Za-z0-9]+$/.test(asked) ? asked : newId("stash");
  const folder = join(dataDir, "stash", id);
  await mkdir(folder, { recursive: true });
  return { id, folder };
}

/** The files in it, as the Connect API tells them. */
export async function uploadsOf({ id, folder }: Stash): Promise<Record<string, string>[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  return files.map((file) => {
    const localPath = join(file.parentPath, file.name);
    const s3Key = `${id}${localPath.slice(folder.length)}`;
    return {
      localPath,
      s3Key,
      get_url: `/v1/connect/file_stash/download?s3_key=${encodeURIComponent(s3Key)}`,
    };
  });
}
