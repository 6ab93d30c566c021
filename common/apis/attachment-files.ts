import type { ServiceNow } from "../client";
import { usageError } from "../errors";
import type { Reference } from "../table/types";
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
 * @param filePath the file, or an existing folder, where it gets the attachment's own name
 * @returns where it lies and its bytes
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
  // The name comes from the instance: only its last part may count.
  const place = folder ? path.join(filePath, path.basename(file.name.replaceAll("\\", "/"))) : filePath;
  const aside = `${place}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    await pipeline(
      stream.Readable.fromWeb(file.body as Parameters<typeof stream.Readable.fromWeb>[0]),
      fs.createWriteStream(aside, { flags: "wx" }),
    );
    await fs.promises.rename(aside, place);
  } catch (error) {
    await fs.promises.rm(aside, { force: true });
    throw error;
  }
  return { path: place, size: (await fs.promises.stat(place)).size };
}
