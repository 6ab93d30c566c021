import { createReadStream, createWriteStream, type Dirent, type ReadStream, type WriteStream } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { asText } from "../../../../components/prop-rules";
import type { RunState } from "./run-state";
import { pipeline } from "node:stream/promises";

/** A file of the run's folder, as `$.files.open()` gives it. */
class HostFile {
  readonly #absolute: string;
  constructor(
    root: string,
    readonly path: string,
    private readonly state: RunState,
  ) {
    this.#absolute = resolve(root, path);
    if (this.#absolute !== root && !this.#absolute.startsWith(root + sep))
      throw new Error(`The path "${path}" leads out of the file folder.`);
  }

  async #make(): Promise<string> {
    await mkdir(dirname(this.#absolute), { recursive: true });
    return this.#absolute;
  }

  async fromReadableStream(stream: Readable): Promise<this> {
    await pipeline(stream, createWriteStream(await this.#make()));
    return this;
  }

  async fromFile(localPath: string): Promise<this> {
    await copyFile(localPath, await this.#make());
    return this;
  }

  async fromUrl(url: string): Promise<this> {
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status} while fetching the file.`);
    return this.fromReadableStream(Readable.fromWeb(response.body));
  }

  createReadStream(): Promise<ReadStream> {
    return Promise.resolve(createReadStream(this.#absolute));
  }

  async createWriteStream(): Promise<WriteStream> {
    return createWriteStream(await this.#make());
  }

  toBuffer(): Promise<Buffer> {
    return readFile(this.#absolute);
  }

  async toFile(localPath: string): Promise<void> {
    await copyFile(this.#absolute, localPath);
  }

  async toEncodedString(encoding: BufferEncoding = "base64"): Promise<string> {
    return (await this.toBuffer()).toString(encoding);
  }

  /** An address of the host for anybody who has it, for an hour. */
  async toUrl(): Promise<string> {
    return asText(await this.state.call("files.url", this.path));
  }

  async delete(): Promise<void> {
    await rm(this.#absolute, { force: true });
  }

  withoutPutUrl(): this {
    return this;
  }

  async withGetUrl(): Promise<Record<string, unknown>> {
    return { ...this.toJSON(), get_url: await this.toUrl() };
  }

  toJSON(): { path: string; s3Key: string; type: string } {
    return { path: this.path, s3Key: this.path, type: "HostFile" };
  }
}

/** The object behind `$.files` and a `dir` prop, over one folder. */
export function filesIn(root: string, state: RunState): Record<string, unknown> {
  return {
    open: (path: string) => new HostFile(root, path, state),
    openDescriptor: (descriptor: { path: string }) => new HostFile(root, descriptor.path, state),
    dir: async function* (path = ".") {
      const folder = new HostFile(root, path, state);
      const absolute = resolve(root, folder.path);
      for (const entry of await entriesOf(absolute)) {
        const full = join(absolute, entry.name);
        const facts = await stat(full);
        yield {
          isFile: () => entry.isFile(),
          isDirectory: () => entry.isDirectory(),
          name: entry.name,
          path: relative(root, full),
          size: facts.size,
          modifiedAt: facts.mtime,
        };
      }
    },
  };
}

/** A folder that nothing was written to yet is empty. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
