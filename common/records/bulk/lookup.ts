import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { common } from "../../http/api-call";
import { assertPlainValue, formatQuery, type Condition } from "../../query";
import { hiddenByRules, unknownKey } from "../../table/by-key";

/** Finds records by their keys: which of them are there. */
export type LookUp = (keys: string[]) => Promise<Map<string, { sys_id: string; number?: string }>>;

/** Bytes of an address that the keys of one look-up may take. */
const KEY_BYTES = 5000;

/** How records are looked up. */
interface LookUpOptions extends CallOptions {
  /** Throw `acl` when some are hidden from the account, which then does not know what is there. */
  mustSee?: boolean;
  /** What else must hold of them. */
  condition?: Condition;
}

/** Looks records up by the values of one column, as many at a time as an address holds. */
export function lookUp(
  client: ServiceNow,
  table: string,
  column: string,
  { mustSee = false, condition, ...options }: LookUpOptions,
): LookUp {
  return async (keys) => {
    const found = new Map<string, { sys_id: string; number?: string }>();
    for (const key of keys) assertPlainValue(column, key);
    for (const values of portions(keys, column)) {
      // A comma would end the value inside an IN list.
      const plain = values.filter((value) => !value.includes(","));
      const groups: Condition[][][] = [
        ...(plain.length ? [[[{ field: column, operator: "IN" as const, value: plain.join(",") }]]] : []),
        ...values
          .filter((value) => value.includes(","))
          .map((value) => [[{ field: column, operator: "=" as const, value }]]),
      ];
      if (condition) for (const group of groups) group.push([condition]);
      const { rows, hidden } = await client.table(table).list({
        ...common(options),
        query: formatQuery({ groups, order: [] }),
        fields: ["sys_id", "number", column],
        max: Infinity,
      });
      if (mustSee && hidden) throw hiddenByRules(table, [column], hidden);
      for (const row of rows) {
        if (!(column in row)) throw unknownKey(table, [column]);
        const { sys_id = "", number } = row as Record<string, string | undefined>;
        found.set(row[column] ?? "", { sys_id, ...(number ? { number } : {}) });
      }
    }
    return found;
  };
}

function portions(keys: string[], column: string): string[][] {
  const parts: string[][] = [];
  let bytes = 0;
  for (const key of keys) {
    // With a comma in it a key stands in a condition of its own, behind ^NQ.
    const size = encodeURIComponent(key).length + (key.includes(",") ? column.length + 12 : 1);
    const current = parts.at(-1);
    if (current && current.length < 100 && bytes + size <= KEY_BYTES) {
      current.push(key);
      bytes += size;
    } else {
      parts.push([key]);
      bytes = size;
    }
  }
  return parts;
}
