/** A value read from what was typed: `value` undefined means not set, `error` says what to change. */
export interface Reading {
  value?: unknown;
  error?: string;
}
