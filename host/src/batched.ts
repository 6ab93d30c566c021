/**
 * Answers calls that come in the same moment with one question.
 *
 * @param load gives the values that are there, by key; it rejects all calls of its batch when it fails.
 */
export function batched<Value>(
  load: (keys: string[]) => Promise<Map<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  let next: { keys: Set<string>; loaded: Promise<Map<string, Value>> } | undefined;
  return async (key) => {
    if (!next) {
      const keys = new Set<string>();
      const loaded = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        next = undefined;
        return load([...keys]);
      });
      next = { keys, loaded };
    }
    next.keys.add(key);
    return (await next.loaded).get(key);
  };
}
