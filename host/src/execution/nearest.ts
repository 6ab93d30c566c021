/** The three names that share most with the one asked for. */
export function nearest(name: string, names: string[]): string[] {
  const pairs = (text: string): Set<string> =>
    new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
  const wanted = pairs(name);
  const score = (text: string): number =>
    [...pairs(text)].filter((pair) => wanted.has(pair)).length / (text.length + name.length);
  return [...names].sort((a, b) => score(b) - score(a)).slice(0, 3);
}
