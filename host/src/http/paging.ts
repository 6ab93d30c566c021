import { z } from "zod";

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  after: z.string().optional(),
  before: z.string().optional(),
});

export interface ListAnswer<Item> {
  data: Item[];
  page_info: { count: number; total_count: number; start_cursor: string | null; end_cursor: string | null };
}

/** One page of a list in the Connect API's shape, forwards or backwards; the cursor is an item's name, and null ends the paging. */
export function listPage<Item>(
  items: Item[],
  { limit = 100, after, before }: z.infer<typeof pageQuery>,
  nameOf: (item: Item) => string,
): ListAnswer<Item> {
  const first = after ? items.findIndex((item) => nameOf(item) === after) + 1 : 0;
  const end = before ? items.findIndex((item) => nameOf(item) === before) : -1;
  // Backwards, a page is what comes right before its cursor.
  const start = end === -1 ? first : Math.max(first, end - limit);
  const data = items.slice(start, end === -1 ? start + limit : end);
  const last = data.at(-1);
  return {
    data,
    page_info: {
      count: data.length,
      total_count: items.length,
      start_cursor: data[0] ? nameOf(data[0]) : null,
      end_cursor: last && start + limit < items.length ? nameOf(last) : null,
    },
  };
}
