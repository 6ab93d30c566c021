import type { ServiceNow } from "../../client";
import { isServiceNowError, usageError } from "../../errors";
import type { Reference } from "../../table/types";
import {
  attachments,
  type Attachment,
  type AttachmentTarget,
  type DownloadOptions,
  type UploadOptions,
} from "./attachment";

// Loaded when needed: nothing of the client's main path may need a file system.
const load = async () => ({
  fs: await import("node:fs"),
  path: await import("node:path"),
  stream: await import("node:stream"),
  pipeline: (await import("node:stream/promises")).pipeline,
});

/** Uploads a file from the disk, as a stream. Node only. @throws ServiceNowError `usage` when there is no such file */
export async function uploadFile(
  client: ServiceNow,
  target: AttachmentTarget,
  filePath: string,
  options: UploadOptions & { name?: string; contentType?: string } = {},
): Promise<Attachment> {
  const { fs, path } = await load();
  const found = await fs.promises.stat(filePath).catch(() => undefined);
  if (!found?.isFile())
    throw usageError(`There is no file at ${filePath}`, "Check the path; a folder cannot be uploaded");
  // A Blob over the file: its size is known, and every read of it is a new stream.
  const blob = await fs.openAsBlob(filePath);
  const { name = path.basename(filePath), contentType, ...rest } = options;
  const file = { name, content: blob, ...(contentType ? { contentType } : {}) };
  return attachments(client).upload(target, file, rest);
}

/**
 * Downloads a file to the disk, as a stream. Written beside its place and renamed, so that a broken download leaves nothing half
 * done. Node only.
 *
 * @param filePath the file, which is replaced, or an existing folder, where it gets the attachment's own name, with a number behind it
 *   when there is one of that name
 * @returns where it lies and its bytes
 * @throws ServiceNowError as the download does; `usage` when the file cannot be written there
 */
export async function downloadToFile(
  client: ServiceNow,
  attachment: Reference,
  filePath: string,
  options: DownloadOptions = {},
): Promise<{ path: string; size: number }> {
  const { fs, path, stream, pipeline } = await load();
  const file = await attachments(client).stream(attachment, options);
  const folder = await fs.promises.stat(filePath).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const name = safeFileName(file.name);
  const wanted = folder ? path.join(filePath, name) : filePath;
  const aside = `${folder ? path.join(filePath, "download") : filePath}.${crypto.randomUUID().slice(0, 8)}.part`;
  let place = wanted;
  let held = false;
  try {
    await pipeline(
      stream.Readable.fromWeb(file.body as Parameters<typeof stream.Readable.fromWeb>[0]),
      fs.createWriteStream(aside, { flags: "wx" }),
    );
    for (let count = 2; folder && !held; count++) {
      // An empty file holds the place: another one of this name, here already or coming at the same time, stays what it is.
      held = await fs.promises.writeFile(place, "", { flag: "wx" }).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code !== "EEXIST") throw error;
          const { dir, name: stem, ext } = path.parse(wanted);
          place = path.join(dir, `${stem} (${count})${ext}`);
          return false;
        },
      );
    }
    await fs.promises.rename(aside, place);
  } catch (error) {
    await fs.promises.rm(aside, { force: true }).catch(() => undefined);
    if (held) await fs.promises.rm(place, { force: true });
    throw unwritable(error, place);
  }
  return { path: place, size: (await fs.promises.stat(place)).size };
}

/**
 * A name for a file that the instance names: only its last part counts, without signs that no file system takes. A name that would be no
 * file of the folder (`..`, nothing) becomes `attachment`.
 */
function safeFileName(given: string): string {
  const last =
    given
      .replace(/\p{Cc}/gu, "")
      .split(/[/\\]/)
      .at(-1)
      ?.trim() ?? "";
  return /^\.*$/.test(last) ? "attachment" : last;
}

/** A failure of the file system in words; every other failure as it is. */
function unwritable(error: unknown, place: string): unknown {
  const { syscall, code } = Object(error) as NodeJS.ErrnoException;
  if (isServiceNowError(error) || !syscall) return error;
  return usageError(
    `The file cannot be written to ${place} (${code})`,
    "Check that the folder is there and may be written to, that the name is not too long, and that there is room",
  );
}
