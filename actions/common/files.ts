import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { wrongInput } from "./input";

/** Where files of a step go: the platform keeps and syncs this folder. */
const FOLDER = "/tmp";
const MAX_NAME = 200;

/** A name that stays inside its folder, whatever was given or came from the instance: no path, no control characters, no leading dot. */
export function safeFileName(given: string | undefined, fallback: string): string {
  const clean = (text: string) =>
    basename(text.replaceAll("\\", "/"))
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u001f\u007f<>:"|?*]/g, "_")
      .replace(/^\.+/, "")
      .trim()
      .slice(-MAX_NAME);
  return clean(given ?? "") || clean(fallback) || "file";
}

/** The path of a new file of the step. */
export async function filePath(name: string): Promise<string> {
  const folder = FOLDER;
  await mkdir(folder, { recursive: true });
  return join(folder, name);
}

/** A path to read from: below the step's folder, so that a step cannot send out other files of the machine. */
export function readablePath(path: string, label: string): string {
  const full = join("/", path.startsWith("/") ? path : join(FOLDER, path));
  if (!full.startsWith(`${FOLDER}/`))
    throw wrongInput(`${label} must be a URL or a path below ${FOLDER}, such as ${FOLDER}/report.pdf.`);
  return full;
}
