import { LineCounter, parseDocument, stringify } from "yaml";
import type { DefinitionProblem } from "./read-definition";

/** A YAML text as data, or where it cannot be read. Aliases are bounded, tags of other types are refused. */
export function parseYaml(text: string): { value: unknown } | { problems: DefinitionProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: "core", uniqueKeys: true });
  const problems = document.errors.map(({ message, pos: [at] }) => ({
    path: `line ${lines.linePos(at).line}`,
    reason: message.split("\n")[0] ?? message,
  }));
  if (problems.length > 0) return { problems };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    return {
      problems: [{ path: "workflow", reason: error instanceof Error ? error.message : String(error) }],
    };
  }
}

/** Data as a YAML text, long texts as blocks. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, blockQuote: "literal" });
}
