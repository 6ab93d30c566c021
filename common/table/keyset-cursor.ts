import { usageError } from "../errors";
import {
  andEach,
  formatCondition,
  formatQuery,
  type Condition,
  type Order,
  type ParsedQuery,
} from "../query";
import type { RawRow, ReadPage } from "./read-page";
import { valueOf } from "./values";
import { isSysId } from "../sys-id";

/** Rows that are read to see where empty values of a column stand; some may be hidden from the account. */
const PROBE = 20;

/** A value above this goes into no condition: the key repeats it, and an address has 8,192 bytes. */
const LONGEST = 500;

/** The order asked for, with sys_id as the last word. */
export function withTieBreak(order: Order[]): Order[] {
  const place = order.findIndex(({ field }) => field === "sys_id");
  return place >= 0 ? order.slice(0, place + 1) : [...order, { field: "sys_id", descending: false }];
}

/** What is known of the columns of an order, and from it the conditions that say "behind this row". */
export class KeysetCursor {
  readonly order: Order[];
  /** Another column than sys_id is in it: only then may the instance compare otherwise than it orders. */
  readonly mixed: boolean;
  /** A key was found not to hold. */
  unfit = false;
  /** Columns whose empty values come first in ascending order. */
  readonly #emptiesFirst = new Map<string, boolean>();
  readonly #linked = new Map<string, boolean>();

  constructor(
    private readonly filter: ParsedQuery,
    private readonly read: ReadPage,
  ) {
    this.order = withTieBreak(filter.order);
    this.mixed = this.order[0]?.field !== "sys_id";
  }

  /** Takes the first row that is seen. */
  begin(row: RawRow): void {
    const [primary] = this.order;
    if (primary) this.#emptiesFirst.set(primary.field, startsEmpty(row, primary));
  }

  /**
   * The query of what follows the row; where columns are mixed, the row itself comes first in it, as the proof that the condition means
   * what it should. Undefined where no condition says it: references are ordered by their display value and compared by sys_id.
   *
   * @throws ServiceNowError `usage` when the rows do not show a column of the order
   */
  async behind(last: RawRow): Promise<ParsedQuery | undefined> {
    if (this.unfit || !this.order.every(({ field }) => this.#nameable(field, last))) return undefined;
    await this.#learn();
    const query = andEach({ groups: this.filter.groups, order: [] }, this.#after(last));
    try {
      formatQuery(query);
    } catch {
      return undefined;
    }
    return query;
  }

  /** Whether the row has values in columns of which it is not known yet whether they are references. */
  asksLinks(row: RawRow): boolean {
    return this.order.some(
      ({ field }) => field !== "sys_id" && !this.#linked.has(field) && valueOf(row[field]) !== "",
    );
  }

  /** Takes a row that was read with links. True when a column of the order is a reference. */
  learnLinks(row: RawRow): boolean {
    for (const { field } of this.order) {
      const cell = row[field];
      const linked = linkedIn(cell);
      if (linked || valueOf(cell) !== "") this.#linked.set(field, linked);
    }
    return this.order.some(({ field }) => field !== "sys_id" && linkedIn(row[field]));
  }

  /** Whether both rows stand at the same place. */
  same(a: RawRow, b: RawRow): boolean {
    return this.order.every(({ field }) => valueOf(a[field]) === valueOf(b[field]));
  }

  #nameable(field: string, row: RawRow): boolean {
    const value = valueOf(row[field]);
    if (value === undefined) {
      throw usageError(
        `The rows do not show the column "${field}" they are ordered by`,
        "Order by a readable column",
      );
    }
    if (value === "" || field === "sys_id") return true;
    if (this.#linked.get(field) || linkedIn(row[field]) || isSysId(value)) return false;
    if (/^\s*javascript:/i.test(value)) return false;
    try {
      for (const operator of ["=", ">", "<"] as const) formatCondition({ field, operator, value });
      return encodeURIComponent(value).length <= LONGEST;
    } catch {
      return false;
    }
  }

  /** The first row says it of the first column of the order; for the others, which matter on ties, the instance is asked once. */
  async #learn(): Promise<void> {
    for (const { field } of this.order.slice(1)) {
      if (field === "sys_id" || this.#emptiesFirst.has(field)) continue;
      const by = { field, descending: false };
      const query = formatQuery({ groups: this.filter.groups, order: [by, ...withTieBreak([])] });
      const { rows } = await this.read({ query, limit: PROBE, offset: 0, count: false });
      this.#emptiesFirst.set(field, rows[0] === undefined || startsEmpty(rows[0], by));
    }
  }

  /** Equal in the first n columns of the order and beyond in the next, for every n. */
  #after(last: RawRow): ParsedQuery {
    const groups: Condition[][] = [];
    const equal: Condition[] = [];
    for (const { field, descending } of this.order) {
      const value = valueOf(last[field]) ?? "";
      // Ascending, empty values come first on most databases and last on some; descending the other way round.
      const emptiesBefore = this.#emptiesFirst.get(field) !== descending;
      if (value === "") {
        if (emptiesBefore) groups.push([...equal, { field, operator: "ISNOTEMPTY", value: "" }]);
        equal.push({ field, operator: "ISEMPTY", value: "" });
        continue;
      }
      const inclusive = this.mixed && field === "sys_id";
      const operator = descending ? (inclusive ? "<=" : "<") : inclusive ? ">=" : ">";
      groups.push([...equal, { field, operator, value }]);
      if (!emptiesBefore && field !== "sys_id")
        groups.push([...equal, { field, operator: "ISEMPTY", value: "" }]);
      equal.push({ field, operator: "=", value });
    }
    return { groups: groups.map((group) => group.map((condition) => [condition])), order: [] };
  }
}

/** Where empty values stand in this database's ascending order, judged by the first row of all that is ordered by the column. */
function startsEmpty(row: RawRow, by: Order): boolean {
  if (by.field === "sys_id") return true;
  const empty = valueOf(row[by.field]) === "";
  return by.descending ? !empty : empty;
}

function linkedIn(cell: unknown): boolean {
  return typeof cell === "object" && cell !== null && "link" in cell;
}
