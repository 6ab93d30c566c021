import { ANSWER_CHARACTERS, cutResult, valueAt, type Omission } from "./cut-result";

export interface ResultPart {
  path: string;
  value: unknown;
  /** Where the next part begins: item, name or character; absent at the end. */
  next_offset?: number;
  total?: number;
  cut?: Omission[];
}

/** A part of a stored result: at a JSON Pointer, from an item, name or character on, as much as one answer holds. */
export function partOf(result: unknown, path: string, offset: number): ResultPart {
  const value = valueAt(result, path);
  if (typeof value === "string") {
    const part = value.slice(offset, offset + ANSWER_CHARACTERS / 2);
    return ended({ path, value: part, total: value.length }, offset + part.length);
  }
  if (Array.isArray(value)) {
    const { value: part, omissions } = cutResult(value.slice(offset));
    const shown = (part as unknown[]).length;
    const inside = omissions.filter((place) => place.path !== "").map((place) => moved(place, path, offset));
    return ended(
      { path, value: part, total: value.length, ...(inside.length > 0 ? { cut: inside } : {}) },
      offset + shown,
    );
  }
  const { value: part, omissions } = cutResult(value);
  const inside = omissions.map((place) => ({ ...place, path: path + place.path }));
  return { path, value: part, ...(inside.length > 0 ? { cut: inside } : {}) };
}

function ended(part: ResultPart, next: number): ResultPart {
  return part.total !== undefined && next < part.total ? { ...part, next_offset: next } : part;
}

/** A place inside of a list that was read from `offset` on, as a place of the whole result. */
function moved(place: Omission, path: string, offset: number): Omission {
  return {
    ...place,
    path: path + place.path.replace(/^\/(\d+)/, (_, at: string) => `/${Number(at) + offset}`),
  };
}
