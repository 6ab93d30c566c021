/** The XML side of the API: answers on `Accept: application/xml`, and simple records as bodies. */

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** `<request><entry><name>value</name>…</entry></request>`, or the columns directly below the root. */
export function recordFromXml(text: string): Record<string, string> | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return undefined;
  const inner =
    /<entry\b[^>]*>([\s\S]*?)<\/entry>/.exec(text)?.[1] ??
    /^\s*(?:<\?[^>]*\?>)?\s*<\w+[^>]*>([\s\S]*)<\/\w+>\s*$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const record: Record<string, string> = {};
  for (const [, name = "", value = ""] of inner.matchAll(/<(\w+)(?:\s[^>]*)?>([^<]*)<\/\1>/g))
    record[name] = value.replace(/&(\w+|#\d{1,6});/g, (whole, entity: string) =>
      entity.startsWith("#")
        ? String.fromCodePoint(Math.min(Number(entity.slice(1)), 0x10ffff))
        : (entities[entity] ?? whole),
    );
  return record;
}

/** A JSON answer as XML. */
export function jsonToXml(text: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><response>${element(JSON.parse(text) as unknown)}</response>`;
}

function element(value: unknown): string {
  if (typeof value === "string") return escape(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null) return "";
  if (Array.isArray(value)) return value.map(element).join("");
  return Object.entries(value)
    .map(([name, inner]) => {
      const tag = /^[A-Za-z_][\w.-]*$/.test(name) ? name : "value";
      return Array.isArray(inner)
        ? inner.map((item) => `<${tag}>${element(item)}</${tag}>`).join("")
        : `<${tag}>${element(inner)}</${tag}>`;
    })
    .join("");
}

/** Control signs have no place in XML. */
function escape(text: string): string {
  return [...text]
    .filter((sign) => sign >= " " || "\n\t\r".includes(sign))
    .join("")
    .replace(/[&<>]/g, (sign) => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : "&amp;"));
}
