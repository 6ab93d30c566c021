import { lstat, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { hashOf, newId, type Encryption } from "../encryption";

/** A folder that an action leaves files in, and from which they can be fetched. */
export interface Stash {
  id: string;
  folder: string;
  user: string;
}

/** A file of a stash, as the Connect API tells it. */
export interface StashedFile {
  localPath: string;
  s3Key: string;
  /** Absolute, and good for an hour without any sign-in. */
  get_url: string;
}

/** A file that a run left, for whoever looks at the run. */
export interface LeftFile {
  /** Its path in the folder. */
  name: string;
  bytes: number;
  url: string;
}

const LINK_MS = 3600_000;
/** What an action left is fetched soon, or never. */
const KEEP_MS = 24 * 3600_000;

/** Files that actions leave, apart for each user, for a day. */
export class FileStash {
  readonly #root: string;

  constructor(
    dataDir: string,
    private readonly encryption: Encryption,
  ) {
    this.#root = join(dataDir, "stash");
  }

  /** The folder of an earlier run of the same user, or a new one; undefined where none is asked for. */
  async open(user: string, asked: string | boolean | null | undefined): Promise<Stash | undefined> {
    if (asked === null || asked === undefined || asked === false) return undefined;
    const id = typeof asked === "string" && /^stash_[A-Za-z0-9]+$/.test(asked) ? asked : newId("stash");
    const folder = join(this.#folderOf(user), id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return { id, folder, user };
  }

  /** The files in it, with addresses at `origin`. */
  async uploads({ id, folder, user }: Stash, origin: string): Promise<StashedFile[]> {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    return files
      .filter((entry) => entry.isFile())
      .map((file) => {
        const localPath = join(file.parentPath, file.name);
        const s3Key = `${id}${localPath.slice(folder.length)}`;
        return { localPath, s3Key, get_url: `${origin}${this.#address(user, s3Key)}` };
      });
  }

  /** What is left of an earlier run's files; empty when their time is over. */
  async files(user: string, id: string, origin: string): Promise<LeftFile[]> {
    const folder = join(this.#folderOf(user), id);
    const uploads = await this.uploads({ id, folder, user }, origin).catch(() => []);
    return Promise.all(
      uploads.map(async ({ localPath, get_url }) => ({
        name: localPath.slice(folder.length + 1),
        bytes: (await lstat(localPath)).size,
        url: get_url,
      })),
    );
  }

  /** The address of one file of it, absolute, and good for an hour. @throws Error when there is no such file. */
  async addressOf({ id, user }: Stash, path: string, origin: string): Promise<string> {
    const s3Key = `${id}/${path.replace(/^\/+/, "")}`;
    if (!(await this.find(user, s3Key)))
      throw new Error(
        `There is no file "${path}" in the files of this run. Write it before asking for its address.`,
      );
    return `${origin}${this.#address(user, s3Key)}`;
  }

  /** The path of a user's file; undefined when there is none, or a link stands in its place. */
  find(user: string, s3Key: string): Promise<string | undefined> {
    return this.#findIn(this.#folderOf(user), s3Key);
  }

  async #findIn(root: string, s3Key: string): Promise<string | undefined> {
    const path = join(root, s3Key);
    if (!path.startsWith(root + sep)) return undefined;
    try {
      const facts = await lstat(path);
      const real = await realpath(path);
      return facts.isFile() && real === join(await realpath(root), path.slice(root.length))
        ? path
        : undefined;
    } catch {
      return undefined;
    }
  }

  /** The path of a file, whoever left it; names of stashes cannot be guessed. */
  async findForAnyUser(s3Key: string): Promise<string | undefined> {
    for (const folder of await namesIn(this.#root)) {
      const path = await this.#findIn(join(this.#root, folder), s3Key);
      if (path !== undefined) return path;
    }
    return undefined;
  }

  /** The path of the file that a signed address is for, while it is good. */
  async findSigned(asked: SignedFile): Promise<string | undefined> {
    const { user, s3_key, expires, signature } = asked;
    if (expires < Date.now() || !this.encryption.isSignedBy(signedText(user, s3_key, expires), signature))
      return undefined;
    return this.find(user, s3_key);
  }

  /** Takes away what was left more than a day ago. */
  async removeOld(): Promise<void> {
    for (const user of await namesIn(this.#root))
      for (const id of await namesIn(join(this.#root, user))) {
        const folder = join(this.#root, user, id);
        const facts = await lstat(folder).catch(() => undefined);
        if (facts && facts.mtimeMs < Date.now() - KEEP_MS) await rm(folder, { recursive: true, force: true });
      }
  }

  #folderOf(user: string): string {
    // Names of users may be anything, also paths.
    return join(this.#root, hashOf(user).slice(0, 32));
  }

  #address(user: string, s3Key: string): string {
    const expires = Date.now() + LINK_MS;
    const signature = this.encryption.sign(signedText(user, s3Key, expires));
    return `/stash/download?${new URLSearchParams({ user, s3_key: s3Key, expires: String(expires), signature })}`;
  }
}

/** The parts of a signed address. */
export interface SignedFile {
  user: string;
  s3_key: string;
  expires: number;
  signature: string;
}

function signedText(user: string, s3Key: string, expires: number): string {
  return `stash ${JSON.stringify([user, s3Key, expires])}`;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
