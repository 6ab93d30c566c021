/** What the host and the process that evaluates expressions say to each other. */

export interface Scope {
  /** Results of earlier steps by namespace, as JSON text; `null` where the expressions do not read it. */
  steps: Record<string, string | null>;
  /** Further names, such as `env` and the item of a loop, as JSON text. */
  variables: Record<string, string>;
}

export interface EvaluationRequest extends Scope {
  id: number;
  expressions: string[];
}

/** A value as JSON text; `undefined` has none. */
export type Evaluated = { json: string | undefined } | { error: string };

export type FromEvaluator = { type: "ready" } | { type: "values"; id: number; values: Evaluated[] };

/** Limits of one expression. */
export const EXPRESSION_LIMITS = { ms: 100, memoryBytes: 16 * 1024 * 1024, stackBytes: 192 * 1024 } as const;
