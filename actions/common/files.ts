import { randomUUID } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { access, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, join, parse } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DownloadedFile } from "../../common/apis/attachment/attachment";
import { optionalText, wrongInput } from "./input";

/** Where files of a step go: the platform keeps and syncs this folder. */
const FOLDER = "/tmp";
const MAX_NAME = 200;

/** The code of an error of the file system; undefined for others. */
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

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

/** The path, or one beside it where that is taken. The file is there from now on, empty, so that no two steps get the same. */
async function freePath(path: string): Promise<string> {
  const { dir, name, ext } = parse(path);
  for (const place of [path, join(dir, `${name}-${randomUUID().slice(0, 8)}${ext}`)]) {
    try {
      await (await open(place, "wx")).close();
      return place;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
  throw new Error(`There is no free name beside ${path}. Give File Name.`);
}

/**
 * Writes a file of the step as its content comes. It appears under its name only when it is whole; what fails on the way leaves nothing behind.
 * @param given the name that was asked for, made safe, which takes the place of a file of this name
 * @param usual the name otherwise, or one like it where another file has it
 * @returns its path
 */
export async function writeWhole(
  given: string | undefined,
  usual: string,
  content: AsyncIterable<string | Uint8Array>,
): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const named = join(FOLDER, safeFileName(given, usual));
  const unfinished = `${named}.${randomUUID().slice(0, 8)}.part`;
  try {
    await pipeline(content, createWriteStream(unfinished, { flags: "wx" }));
    const path = given ? named : await freePath(named);
    await rename(unfinished, path);
    return path;
  } catch (error) {
    await rm(unfinished, { force: true });
    if (codeOf(error) === "EISDIR")
      throw wrongInput(`File Name: ${FOLDER} has a folder of this name. Take another name.`);
    throw error;
  }
}

/** Saves a download below `/tmp`, as a stream, under the name given or, where that is free, the instance's own. */
export async function saveFile(
  file: DownloadedFile<ReadableStream<Uint8Array>>,
  given: string | undefined,
): Promise<{ path: string; fileName: string; size: number; contentType: string }> {
  const content = Readable.fromWeb(file.body as Parameters<typeof Readable.fromWeb>[0]);
  const path = await writeWhole(given, file.name, content);
  return { path, fileName: basename(path), size: (await stat(path)).size, contentType: file.contentType };
}

/**
 * A file to read, below the step's folder and not by a link out of it, so that a step cannot send out other files of the machine.
 * Throws a ConfigurationError when it is none.
 */
export async function readablePath(path: string, label: string): Promise<string> {
  const full = join("/", path.startsWith("/") || path.includes("://") ? path : join(FOLDER, path));
  const outside = wrongInput(
    `${label} must be a URL that begins with https:// or a path below ${FOLDER}, such as ${FOLDER}/report.pdf.`,
  );
  if (!full.startsWith(`${FOLDER}/`)) throw outside;
  let real: string;
  try {
    real = await realpath(full);
    if (!real.startsWith(`${await realpath(FOLDER)}/`)) throw outside;
    if (!(await stat(real)).isFile()) throw wrongInput(`${label}: ${full} is a folder, not a file.`);
    await access(real, constants.R_OK);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw wrongInput(
      code === "EACCES"
        ? `${label}: the file ${full} may not be read.`
        : `${label}: there is no file ${full}. A step before this one has to write it in the same run.`,
    );
  }
  return full;
}
