/** What is edited: a step by its name, or a trigger by its place. */
export type Selected = { step: string } | { trigger: number };
