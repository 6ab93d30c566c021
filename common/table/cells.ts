/** The text of a cell in any display mode: what a person sees first, otherwise the stored value. */
export function textOf(cell: unknown): string {
  if (typeof cell === "string") return cell;
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  if (typeof cell !== "object" || cell === null) return "";
  const shown: unknown = Reflect.get(cell, "display_value");
  if (typeof shown === "string") return shown;
  return valueText(cell);
}

/** The stored value of a cell in any display mode, as text. */
export function valueText(cell: unknown): string {
  if (typeof cell === "string") return cell;
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  if (typeof cell !== "object" || cell === null) return "";
  const value: unknown = Reflect.get(cell, "value");
  return typeof value === "object" ? "" : valueText(value);
}
