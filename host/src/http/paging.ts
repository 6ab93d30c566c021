import { z } from "zod";

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  after: z.string().optional(),
});

export interface ListAnswer<Item> {
  data: Item[];
  page_info: { count: number; total_count: number; start_cursor: string | null; end_cursor: string | null };
}

/** One page of a list in the Connect API's shape; the cursor is the last item's name, and null ends the paging. */
export function listPage<Item>(
  items: Item[],
  { limit = 100, after }: z.infer<typeof pageQuery>,
  nameOf: (item: Item) => string,
): ListAnswer<Item> {
  const start = after ? items.findIndex((item) => nameOf(item) === after) + 1 : 0;
  const data = items.slice(start, start + limit);
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
