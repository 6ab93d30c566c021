import type { Page } from "./types";

/** A row as it came. */
export type RawRow = Record<string, unknown>;

/** Reads one page: an encoded query with its order, how many rows, from where, whether to count, and whether references tell that they are. */
export type ReadPage = (ask: {
  query: string;
  limit: number;
  offset: number;
  count: boolean;
  links?: boolean;
}) => Promise<Page<RawRow>>;
