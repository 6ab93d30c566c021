import type { Token } from "./token";

/** Where tokens outlive a process. All failures of a store are reported and none is fatal: a token can be fetched again. */
export interface TokenStore {
  /** The token kept under the key; null or undefined when there is none. */
  get(key: string): Promise<unknown>;
  /** Keeps a token, or forgets it (null). */
  set(key: string, token: Token | null): Promise<void>;
  /**
   * Runs the task while no other process runs one for the same key. Without it processes may renew at the same time, which
   * costs requests and harms nothing.
   */
  withLock?<T>(key: string, task: () => Promise<T>): Promise<T>;
}

/** Keeps tokens in this process; several clients may share one. */
export function memoryStore(): TokenStore {
  const tokens = new Map<string, Token>();
  const tails = new Map<string, Promise<unknown>>();
  return {
    get: (key) => Promise.resolve(tokens.get(key) ?? null),
    set(key, token) {
      if (token) tokens.set(key, { ...token });
      else tokens.delete(key);
      return Promise.resolve();
    },
    async withLock(key, task) {
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(task, task);
      const tail = mine.catch(() => undefined);
      tails.set(key, tail);
      try {
        return await mine;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
  };
}
