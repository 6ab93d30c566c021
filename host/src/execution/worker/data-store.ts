import type { RunState } from "./run-state";

/** The async key-value store of a `data_store` prop; the host keeps it, by the store's id or name. */
export function dataStore(state: RunState, value: unknown): Record<string | symbol, unknown> {
  const store =
    typeof value === "object" && value !== null ? String((value as { id?: unknown }).id) : String(value);
  const ask = (method: string, ...args: unknown[]): Promise<unknown> =>
    state.call(`dataStore.${method}`, store, ...args);
  const keys = async (): Promise<string[]> => (await ask("keys")) as string[];
  return {
    $store: store,
    get: (key: string) => ask("get", String(key)),
    set: (key: string, item: unknown, options?: { ttl?: number }) =>
      ask("set", String(key), item === undefined ? null : item, options?.ttl ?? null),
    setTtl: (key: string, seconds: number | null) => ask("setTtl", String(key), seconds),
    has: (key: string) => ask("has", String(key)),
    delete: (key: string) => ask("delete", String(key)),
    keys,
    clear: () => ask("clear"),
    entries: () => ask("entries"),
    [Symbol.asyncIterator]: async function* () {
      for (const key of await keys()) yield [key, await ask("get", key)];
    },
  };
}
