/** A value in the form a component gets it, or what is wrong: the rest of a sentence that begins with the prop's name. */
export type Read<T = unknown> = { value: T } | { problem: string };
