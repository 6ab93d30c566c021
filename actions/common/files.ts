import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DownloadedFile } from "../../common/apis/attachment";
import { optionalText, wrongInput } from "./input";

/** Where files of a step go: the platform keeps and syncs this folder. */
const FOLDER = "/tmp";
const MAX_NAME = 200;

/** A name that stays inside its folder, whatever was given or came from the instance: no path, no control characters, no leading dot. */
export function safeFileName(given: unknown, fallback: string): string {
  const clean = (text: string) =>
    basename(text.replaceAll("\\", "/"))
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u001f\u007f<>:"|?*]/g, "_")
      .replace(/^\.+/, "")
      .trim()
      .slice(-MAX_NAME);
  return clean(optionalText(given, "File Name") ?? "") || clean(fallback) || "file";
}

/** The path of a new file of the step. */
export async function filePath(name: string): Promise<string> {
  const folder = FOLDER;
  await mkdir(folder, { recursive: true });
  return join(folder, name);
}

/** Writes a file as its content comes. It appears under its name only when it is whole; what fails on the way leaves nothing behind. */
export async function writeWhole(path: string, content: AsyncIterable<string | Uint8Array>): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    await pipeline(content, createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Saves a download below `/tmp`, as a stream, under the name given or the instance's own, made safe. */
export async function saveFile(
  file: DownloadedFile<ReadableStream<Uint8Array>>,
  given: string | undefined,
): Promise<{ path: string; fileName: string; size: number; contentType: string }> {
  const fileName = safeFileName(given, file.name);
  const path = await filePath(fileName);
  await writeWhole(path, Readable.fromWeb(file.body as Parameters<typeof Readable.fromWeb>[0]));
  return { path, fileName, size: (await stat(path)).size, contentType: file.contentType };
}

/** A path to read from: below the step's folder, so that a step cannot send out other files of the machine. */
export function readablePath(path: string, label: string): string {
  const full = join("/", path.startsWith("/") ? path : join(FOLDER, path));
  if (!full.startsWith(`${FOLDER}/`))
    throw wrongInput(`${label} must be a URL or a path below ${FOLDER}, such as ${FOLDER}/report.pdf.`);
  return full;
}
