/** So many of the items, in their order. The same seed draws the same ones. */
export function sampleOf<T>(items: T[], count: number, seed: number): T[] {
  if (items.length <= count) return items;
  const random = mulberry32(seed);
  const drawn = items.map((item, at) => ({ item, at, lot: random() })).sort((a, b) => a.lot - b.lot);
  return drawn
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Numbers from 0 to below 1, by Tommy Ettinger's generator of that name. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
