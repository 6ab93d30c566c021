import { plainText } from "./plain-text";
import { otherWordsFor } from "./synonyms";

/** What is searched of a component. */
export interface Searchable {
  key: string;
  name: string;
  description?: string;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** How well one typed word fits: 0 when it does not. */
function fit(word: string, name: string[], others: string[]): number {
  if (name.includes(word)) return 12;
  if (name.some((one) => one.startsWith(word))) return 8;
  const meant = otherWordsFor(word);
  if (name.some((one) => meant.includes(one))) return 5;
  if (word.length > 3 && name.some((one) => one.includes(word))) return 3;
  if (others.includes(word)) return 2;
  return others.some((one) => one.startsWith(word)) ? 1 : 0;
}

/**
 * The components that fit every typed word, the best first: the words of the name count most, then other words for them, then those
 * of the description. Without words all are given back in their order.
 */
export function ranked<T extends Searchable>(components: T[], typed: string): T[] {
  const words = wordsOf(typed);
  if (words.length === 0) return components;
  const scored: { component: T; score: number; place: number }[] = [];
  for (const [place, component] of components.entries()) {
    const name = wordsOf(component.name);
    const others = wordsOf(`${component.key} ${plainText(component.description)}`);
    const fits = words.map((word) => fit(word, name, others));
    if (fits.includes(0)) continue;
    let score = fits.reduce((sum, one) => sum + one, 0) / words.length;
    if (name.join(" ") === words.join(" ")) score += 50;
    else if (name.join(" ").startsWith(words.join(" "))) score += 5;
    // Of two that fit alike the shorter name says more exactly what was typed.
    scored.push({ component, score: score - name.length / 10, place });
  }
  return scored.sort((a, b) => b.score - a.score || a.place - b.place).map(({ component }) => component);
}
