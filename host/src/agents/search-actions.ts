import type { RegisteredComponent } from "../execution/component-registry";
import { hintsOf } from "./hints";
import { cut, plain } from "./input-schema";

const PAGE = 20;
const LONGEST_DESCRIPTION = 240;

export interface FoundAction {
  action: string;
  name: string;
  description: string;
  effect: "reads" | "changes" | "may destroy";
}

/** Actions whose name or description holds the words, best first: a word in the name counts most, and all words before some. */
export function searchActions(
  actions: Map<string, RegisteredComponent>,
  query: string,
  offset: number,
): { actions: FoundAction[]; total: number; next_offset?: number } {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const ranked = [...actions]
    .map(([action, component]) => ({ action, component, score: score(component, words) }))
    .filter(({ score: points }) => words.length === 0 || points > 0)
    .sort((a, b) => b.score - a.score || (a.action < b.action ? -1 : 1));
  const page = ranked.slice(offset, offset + PAGE);
  return {
    actions: page.map(({ action, component }) => ({
      action,
      name: component.name,
      description: cut(plain(component.description), LONGEST_DESCRIPTION),
      effect: effectOf(component),
    })),
    total: ranked.length,
    ...(offset + page.length < ranked.length ? { next_offset: offset + page.length } : {}),
  };
}

function score({ key, name, description }: RegisteredComponent, words: string[]): number {
  const named = `${key} ${name}`.toLowerCase();
  const described = description.toLowerCase();
  let points = 0;
  let missing = 0;
  for (const word of words) {
    // Plural and singular are one word here.
    const stem = word.length > 3 ? word.replace(/(ies|y|s)$/, "") : word;
    if (named.includes(stem)) points += 10;
    else if (described.includes(stem)) points += 2;
    else missing += 1;
  }
  // Of two that hold the words, the shorter name is nearer to what was asked.
  return points === 0 ? 0 : points + (missing === 0 ? 100 : 0) + 1 / name.length;
}

function effectOf(component: RegisteredComponent): FoundAction["effect"] {
  const { readOnly, destructive } = hintsOf(component);
  return readOnly ? "reads" : destructive ? "may destroy" : "changes";
}
