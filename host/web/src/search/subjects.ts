import type { Searchable } from "./rank";

/** Words of a name that say what is done, not what it is done to. */
const verbs = new Set(
  (
    "add aggregate approve assign bulk cancel check checkout close complete copy create current deactivate delete describe download empty " +
    "export find get import instant list matching move my new on order publish put reject remove reopen resolve retire run search send " +
    "submit update updated upload upsert view a an and by for from in into of or the to via with id"
  ).split(" "),
);

const singular = (word: string): string =>
  /ies$/.test(word) ? word.replace(/ies$/, "y") : /[^s]s$/.test(word) ? word.slice(0, -1) : word;

const nounsOf = ({ name }: Searchable): string[] =>
  (name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !verbs.has(word)).map(singular);

export interface Group<T> {
  subject: string;
  members: T[];
}

const smallestGroup = 3;
const rest = "Other";

/** Components grouped by the word of their names that most of them share: incidents, records, catalog …; what shares none comes last. */
export function bySubject<T extends Searchable>(components: T[]): Group<T>[] {
  const counts = new Map<string, number>();
  for (const component of components)
    for (const noun of new Set(nounsOf(component))) counts.set(noun, (counts.get(noun) ?? 0) + 1);
  const groups = new Map<string, T[]>();
  for (const component of components) {
    const best = nounsOf(component)
      .filter((noun) => (counts.get(noun) ?? 0) >= smallestGroup)
      .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0];
    const subject = best ? best.charAt(0).toUpperCase() + best.slice(1) : rest;
    groups.set(subject, [...(groups.get(subject) ?? []), component]);
  }
  return [...groups]
    .map(([subject, members]) => ({ subject, members }))
    .sort(
      (a, b) => Number(a.subject === rest) - Number(b.subject === rest) || a.subject.localeCompare(b.subject),
    );
}
