/** How many choices an error lists. */
const SHOWN = 20;

/** Choices as an error lists them, the stored value behind the label: `In Progress (2), On Hold (3)`. */
export function choicesInWords(choices: readonly { value: string; label: string }[]): string {
  const names = choices.map(({ label, value }) => (label === value ? value : `${label} (${value})`));
  return names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ", …" : "");
}
