import { asText, isRecord } from "../../../../components/prop-rules";

/** One value of a record in the two forms it may have, with the address of the record it points to. */
export interface Cell {
  /** What people read: the display value where there is one. */
  display: string;
  /** What is stored and what a next step works with. */
  stored: string;
  /** Where the record that this value names can be opened; only for references that carry a link. */
  href?: string;
}

/** Reads a field of a record: a plain value, or `{display_value, value, link}`. */
export function cellOf(value: unknown): Cell {
  if (isRecord(value) && ("display_value" in value || "value" in value)) {
    const stored = asText(value.value ?? value.display_value);
    const href = recordAddress(value.link);
    return { display: asText(value.display_value ?? value.value), stored, ...(href ? { href } : {}) };
  }
  const text = asText(value);
  return { display: text, stored: text };
}

/** Whether nothing is to be seen of a value; tells it without writing out what is inside. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (!isRecord(value) || !("display_value" in value || "value" in value)) return false;
  return isBlank(value.display_value ?? value.value);
}

const tableLink = /^(https?:\/\/[^/]+)\/api\/now\/(?:v\d+\/)?table\/([a-z0-9_]+)\/([0-9a-f]{32})$/i;

/** The form of a record for people, from the link to it in an API. Other web addresses are opened as they are. */
export function recordAddress(link: unknown): string | undefined {
  if (typeof link !== "string" || !/^https?:\/\//i.test(link)) return undefined;
  const [, origin, table, id] = tableLink.exec(link) ?? [];
  return origin && table && id ? `${origin}/${table}.do?sys_id=${id}` : undefined;
}
