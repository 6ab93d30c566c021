/** How much JSON from outside may hold. */
export interface JsonLimits {
  /** Arrays and objects within each other. */
  depth: number;
  /** Array items and object members altogether. */
  values: number;
}

const JSON_LIMITS: JsonLimits = { depth: 100, values: 250_000 };

/** The text is not JSON, or holds more than it may. The message is made for whoever sent it. */
export class JsonError extends Error {
  override name = "JsonError";
  constructor(
    message: string,
    /** It may be JSON, and is more than is taken. */
    readonly isTooMuch: boolean,
  ) {
    super(message);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * `JSON.parse` for text from outside. The depth is counted before anything is built, since what is nested too deep breaks
 * everything that later walks through it.
 *
 * @throws JsonError that says what is wrong.
 */
export function parseJson(text: string, limits: JsonLimits = JSON_LIMITS): unknown {
  refuseTooMuch(text, limits);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new JsonError("The JSON is not valid.", false);
  }
}

function refuseTooMuch(text: string, { depth, values }: JsonLimits): void {
  let open = 0;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COMMA) count += 1;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      count += 1;
      open += 1;
      if (open > depth) throw new JsonError(`The JSON is nested deeper than ${depth} levels.`, true);
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) open -= 1;
    if (count > values) throw new JsonError(`The JSON holds more than ${values} values.`, true);
  }
}

/** Place of the quote that ends the string; the end of the text when none does. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return at;
}
