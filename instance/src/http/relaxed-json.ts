/**
 * JSON as the platform's lenient reader takes it: single quotes, keys without quotes, a comma too many.
 * Undefined when even that does not fit.
 */
export function parseRelaxed(text: string): unknown {
  let at = 0;
  let depth = 0;
  const skip = (): void => {
    while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  };
  const fail = (): never => {
    throw new SyntaxError(`unexpected text at ${at}`);
  };
  const readString = (quote: string): string => {
    let value = "";
    at += 1;
    while (at < text.length && text[at] !== quote) {
      if (text[at] === "\\") {
        at += 1;
        const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
        const sign = text[at] ?? "";
        if (sign === "u" && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) {
          value += String.fromCharCode(parseInt(text.slice(at + 1, at + 5), 16));
          at += 4;
        } else value += escapes[sign] ?? sign;
      } else value += text[at];
      at += 1;
    }
    if (at >= text.length) fail();
    at += 1;
    return value;
  };
  const readWord = (): string => {
    const word = /^[A-Za-z0-9_.$+-]+/.exec(text.slice(at, at + 400))?.[0];
    if (!word) return fail();
    at += word.length;
    return word;
  };
  const readValue = (): unknown => {
    skip();
    const sign = text[at];
    if (sign === '"' || sign === "'") return readString(sign);
    if (sign === "{" || sign === "[") {
      depth += 1;
      if (depth > 100) fail();
      at += 1;
      const value = sign === "{" ? readObject() : readArray();
      depth -= 1;
      return value;
    }
    const word = readWord();
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    if (/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word)) return Number(word);
    return fail();
  };
  const readObject = (): Record<string, unknown> => {
    const value: [string, unknown][] = [];
    for (;;) {
      skip();
      if (text[at] === "}") {
        at += 1;
        return Object.fromEntries(value);
      }
      const quote = text.charAt(at);
      const key = quote === '"' || quote === "'" ? readString(quote) : readWord();
      skip();
      if (text[at] !== ":") fail();
      at += 1;
      value.push([key, readValue()]);
      skip();
      if (text[at] === ",") at += 1;
      else if (text[at] !== "}") fail();
    }
  };
  const readArray = (): unknown[] => {
    const value: unknown[] = [];
    for (;;) {
      skip();
      if (text[at] === "]") {
        at += 1;
        return value;
      }
      value.push(readValue());
      skip();
      if (text[at] === ",") at += 1;
      else if (text[at] !== "]") fail();
    }
  };
  try {
    const value = readValue();
    skip();
    return at === text.length ? value : undefined;
  } catch {
    return undefined;
  }
}
