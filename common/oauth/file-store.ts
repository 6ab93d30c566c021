import { nameOf } from "./digest";
import { readToken, type Token } from "./token";
import type { TokenStore } from "./store";

/** Where the files lie, and what is in them. */
export interface FileStoreOptions {
  /** Folder for the tokens, one file per connection; made with mode 700. */
  folder: string;
  /** A lock older than this belongs to a process that died. @default 10000 ms */
  staleMs?: number;
  /** Write refresh tokens too; they live 100 days. @default false */
  keepRefreshToken?: boolean;
}

/**
 * Tokens in files of mode 600, shared by the processes of one machine. Written aside and renamed, so that no reader sees
 * half a file; a lock file lets one process renew while the others wait for its token.
 */
export function fileStore(options: FileStoreOptions): TokenStore {
  const { folder, staleMs = 10_000, keepRefreshToken = false } = options;
  // Loaded when needed: the client's main path must run where there is no file system.
  const load = async () => ({ fs: await import("node:fs/promises"), path: await import("node:path") });
  const fileOf = async (key: string): Promise<string> => {
    const { fs, path } = await load();
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    return path.join(folder, `${await nameOf(key)}.json`);
  };

  /** Takes the lock; what comes back is written in it and tells our lock from a later one. */
  async function lock(file: string): Promise<string> {
    const { fs } = await load();
    const mine = crypto.randomUUID();
    let watched = "";
    let since = 0;
    for (;;) {
      try {
        await fs.writeFile(file, mine, { flag: "wx", mode: 0o600 });
        return mine;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const found = await fs.stat(file).catch(() => null);
      if (found) {
        // The age by the file's own time, and by how long this very lock has been watched: a clock may have been set back.
        const identity = `${found.ino} ${found.mtimeMs}`;
        if (identity !== watched) {
          watched = identity;
          since = performance.now();
        }
        const stale = Date.now() - found.mtimeMs > staleMs || performance.now() - since > staleMs;
        // Two waiters may both remove a stale lock; that costs one token request more.
        if (stale) await fs.rm(file, { force: true });
      }
      await new Promise((resolve) => setTimeout(resolve, 15 + Math.random() * 25));
    }
  }

  /** Gives the lock back, unless somebody took it over meanwhile. */
  async function unlock(file: string, mine: string): Promise<void> {
    const { fs } = await load();
    const owner = await fs.readFile(file, "utf8").catch(() => "");
    if (owner === mine) await fs.rm(file, { force: true });
  }

  return {
    async get(key) {
      const { fs } = await load();
      let text: string;
      try {
        text = await fs.readFile(await fileOf(key), "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
      const kept = JSON.parse(text) as { version?: number; token?: unknown };
      return kept.version === 1 ? readToken(kept.token) : null;
    },
    async set(key, token) {
      const { fs } = await load();
      const file = await fileOf(key);
      if (!token) return fs.rm(file, { force: true });
      const kept: Token = { ...token };
      if (!keepRefreshToken) delete kept.refreshToken;
      const aside = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
      await fs.writeFile(aside, JSON.stringify({ version: 1, token: kept }), { mode: 0o600 });
      await fs.rename(aside, file);
    },
    async withLock(key, task) {
      const file = `${await fileOf(key)}.lock`;
      const mine = await lock(file);
      try {
        return await task();
      } finally {
        await unlock(file, mine);
      }
    },
  };
}
