import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isServiceNowError, type ServiceNow } from "../../common";
import { downloadToFile } from "../../common/apis/attachment/files";

/** A name that stays inside the folder it is joined to. */
const safeName = (name: string) =>
  name
    .replace(/[^\w.\- ]+/g, "_")
    .replace(/^\.+/, "_")
    .slice(-120) || "file";

/** Saves an attachment below `/tmp` (or the folder that the platform keeps files in) as it arrives. Returns the path. */
export async function downloadAttachment(
  client: ServiceNow,
  sysId: string,
  fileName: string,
): Promise<string> {
  const folder = join(process.env.STASH_DIR ?? "/tmp", "servicenow");
  await mkdir(folder, { recursive: true });
  const { path } = await downloadToFile(client, sysId, join(folder, `${sysId}-${safeName(fileName)}`));
  return path;
}

/** Answers that are the same the next time: the file is gone, or closed to this account. */
const FINAL = [400, 403, 404, 410];

/** Why a file cannot be had at all; undefined where a later try may succeed. */
export const finalReason = (error: unknown): string | undefined =>
  isServiceNowError(error) && FINAL.includes(error.status ?? 0) && !error.retryable
    ? error.message
    : undefined;
