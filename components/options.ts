/** A value that survives JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One choice of a prop. */
export type Option = string | number | { label: string; value: string | number | boolean };

/** A page of choices; `context` comes back as `prevContext` of the next page. */
export interface OptionsPage {
  options: readonly Option[];
  context?: Record<string, unknown>;
}

/** What an async `options` function is called with; inputs of a prop definition are merged in. */
export interface OptionsRequest {
  /** From 0. */
  page: number;
  /** The typed text of a prop with `useQuery`; empty or missing at first. */
  query?: string;
  /** `{}` on the first page. */
  prevContext: Record<string, unknown>;
  [input: string]: unknown;
}

export type OptionsResult = readonly Option[] | OptionsPage;
export type OptionsFunction = (request: OptionsRequest) => OptionsResult | Promise<OptionsResult>;
