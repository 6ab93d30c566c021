/** Any value as text: a text as it is, nothing as an empty text, the rest as JSON. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null ? "" : (JSON.stringify(value) ?? "");
}
