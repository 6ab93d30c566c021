import { parseExpressionAt, type Node, type Options } from "acorn";

/** A piece of a text: as it stands, or the code between `{{` and `}}`. */
export type Part = { text: string } | { code: string; tree: Node };

/** Why a text with `{{` cannot be read. */
export class ExpressionSyntaxError extends Error {
  override name = "ExpressionSyntaxError";
  constructor(
    message: string,
    /** Offset in the text. */
    readonly at: number,
  ) {
    super(message);
  }
}

/** Brackets are kept in the tree, since the end of the tree is the end of the code. */
export const PARSER_OPTIONS: Options = { ecmaVersion: 2022, sourceType: "script", preserveParens: true };

/**
 * Cuts a text at its `{{ … }}`. The code is read by a JavaScript parser, so `}}` within a text or an object ends nothing.
 * Throws `ExpressionSyntaxError` where the code is not one expression. `\{{` stands for `{{` itself.
 */
export function parseTemplate(text: string): Part[] {
  const parts: Part[] = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{{", at);
    if (open < 0) break;
    if (text[open - 1] === "\\" && open > at) {
      plain += `${text.slice(at, open - 1)}{{`;
      at = open + 2;
      continue;
    }
    plain += text.slice(at, open);
    const { tree, end } = expressionAt(text, open);
    if (plain !== "") parts.push({ text: plain });
    plain = "";
    parts.push({ code: text.slice(tree.start, tree.end), tree });
    at = end;
  }
  plain += text.slice(at);
  if (plain !== "") parts.push({ text: plain });
  return parts;
}

/** Whether the text is one expression and nothing else but blanks: such a value keeps its type. */
export function isWholeExpression(parts: readonly Part[]): boolean {
  return parts.filter(isCode).length === 1 && parts.every((part) => isCode(part) || part.text.trim() === "");
}

export function isCode(part: Part): part is Extract<Part, { code: string }> {
  return "code" in part;
}

function expressionAt(text: string, open: number): { tree: Node; end: number } {
  let tree: Node;
  try {
    tree = parseExpressionAt(text, open + 2, PARSER_OPTIONS);
  } catch (error) {
    const at = positionOf(error) ?? open;
    if (!text.includes("}}", open))
      throw new ExpressionSyntaxError("The expression is not closed: }} is missing.", open);
    throw new ExpressionSyntaxError(`The expression cannot be read: ${reasonOf(error)}.`, at);
  }
  const close = /^\s*\}\}/.exec(text.slice(tree.end, tree.end + 10_000));
  if (close) return { tree, end: tree.end + close[0].length };
  if (!text.includes("}}", tree.end))
    throw new ExpressionSyntaxError("The expression is not closed: }} is missing.", open);
  throw new ExpressionSyntaxError("Between {{ and }} stands more than one expression.", tree.end);
}

function positionOf(error: unknown): number | undefined {
  return error instanceof SyntaxError && "pos" in error && typeof error.pos === "number"
    ? error.pos
    : undefined;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\(\d+:\d+\)$/, "").replace(/^./, (first) => first.toLowerCase());
}
