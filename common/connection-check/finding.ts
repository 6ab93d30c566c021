import { isServiceNowError, type ServiceNowError } from "../errors";

/** One thing that was looked at. */
export interface Finding {
  /** Stable name of the check: `sign-in`, `zone`, `journal` … */
  check: string;
  /** `problem` stops the work, `warning` limits it, `unknown` could not be found out. */
  status: "ok" | "warning" | "problem" | "unknown";
  /** What was found, in a sentence. */
  what: string;
  /** What to ask the administrator for, ready to be sent. */
  ask?: string;
}

/** What a task gave, or the error it ended in; a cancelled call is thrown on. */
export async function attempt<T>(task: () => Promise<T>): Promise<{ value: T } | { error: ServiceNowError }> {
  try {
    return { value: await task() };
  } catch (error) {
    if (!isServiceNowError(error) || error.kind === "aborted") throw error;
    return { error };
  }
}

/** Findings by their status. `words` is the sentence for the administrator. */
export const ok = (check: string, what: string): Finding => ({ check, status: "ok", what });
/** Something that limits the work. */
export const warn = (check: string, what: string, words: string): Finding => ({
  check,
  status: "warning",
  what,
  ask: words,
});
/** Something that stops the work. */
export const problem = (check: string, what: string, words: string): Finding => ({
  check,
  status: "problem",
  what,
  ask: words,
});
/** Something that could not be found out. */
export const unknown = (check: string, what: string, words?: string): Finding => ({
  check,
  status: "unknown",
  what,
  ...(words ? { ask: words } : {}),
});
/** What an error says without its advice, which a finding gives by itself. */
export const said = ({ message, remedy }: ServiceNowError): string =>
  (remedy ? message.replace(remedy, "") : message).replace(/[ .]+$/, "");
/** "Please give the integration's account …" */
export const ask = (right: string): string => `Please give the integration's account ${right}`;
