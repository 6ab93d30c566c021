import type { CallOptions, Requester } from "../http/requester";
import { ServiceNowError } from "../errors";
import type { Answer } from "../http/call-types";
import { deleteWithRetry } from "../http/delete-with-retry";
import { segment, type Params } from "../http/url";
import { parseQuery, type ParsedQuery } from "../query";
import type { Order } from "../query/grammar";
import { byKey } from "./by-key";
import { readInParallel } from "./parallel";
import { readSplitQuery } from "./split-query";
import { createIdempotently } from "../http/idempotent-create";
import type { CreateOptions, List, ListOptions, PageOptions, ReadOptions, WriteOptions } from "./options";
import type { RawRow, ReadPage } from "./read-page";
import { asRecord, asRows, outOfTime, safe, text, toOrder, toPage, trim, whole, withoutLinks } from "./rows";
import type { AnyRow, DisplayValue, ListFacts, Page, Reference, ResultRow } from "./types";
import { sysIdOf, toBody, type WriteValue } from "./values";

export type { CreateOptions, List, ListOptions, PageOptions, ReadOptions, WriteOptions } from "./options";

/**
 * The records of a table.
 * @see https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html
 */
export class Table<Row extends object = AnyRow> {
  constructor(
    readonly client: Requester,
    readonly name: string,
  ) {}

  /** One page, as the instance gives it. For all rows use {@link pages} or {@link list}. */
  async page<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: PageOptions<F, D, Links> = {},
  ): Promise<Page<ResultRow<Row, F, D, Links>>> {
    safe(options.query);
    return this.#page(options);
  }

  /** The same for queries of our own making, whose values may hold anything. */
  async #page<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: PageOptions<F, D, Links>,
  ): Promise<Page<ResultRow<Row, F, D, Links>>> {
    const limit = options.limit ?? 100;
    const answer = await this.#send("GET", "", `read ${this.name}`, {
      ...options,
      params: {
        ...options.params,
        sysparm_query: text(options.query),
        sysparm_limit: whole(limit, "limit"),
        sysparm_offset: options.offset ? whole(options.offset, "offset") : undefined,
        sysparm_no_count: options.noCount || undefined,
        sysparm_suppress_pagination_header: options.suppressPaginationHeader || undefined,
        sysparm_query_category: options.queryCategory,
      },
    });
    const data = asRows(answer.data, `read ${this.name}`, answer.status);
    return toPage({ ...answer, data }, limit, options.offset ?? 0, options.noCount ?? false) as Page<
      ResultRow<Row, F, D, Links>
    >;
  }

  /**
   * All rows, page by page, by key and not by position. The generator's return value says how complete it was.
   *
   * @example for await (const page of client.table("incident").pages({ query: "active=true" })) use(page.rows);
   */
  async *pages<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: ListOptions<F, D, Links> = {},
  ): AsyncGenerator<Page<ResultRow<Row, F, D, Links>>, ListFacts> {
    if (options.parallel !== undefined && options.parallel !== 1) {
      const { parallel, query, orderBy, max, ...each } = options;
      const pagesOf = (part: string) => this.pages<F, D, Links>({ ...each, query: part });
      return yield* readInParallel(pagesOf, { parallel, query, orderBy, max });
    }
    const { pageSize = 1000, max = Infinity, orderBy = [], query, fields, displayValue, ...rest } = options;
    whole(pageSize, "pageSize");
    safe(query);
    const parsed = parseQuery(text(query) ?? "");
    const filter: ParsedQuery = { groups: parsed.groups, order: [...parsed.order, ...orderBy.map(toOrder)] };
    const needed = ["sys_id", ...filter.order.map(({ field }) => field)];
    const extra = fields ? needed.filter((name) => !(fields as readonly string[]).includes(name)) : [];
    // A display value says nothing of the place in the order, so both are read and one is given.
    const both = displayValue === "true" && filter.order.some(({ field }) => field !== "sys_id");
    let linked = false;
    const limits = { ...this.client.limits, ...(rest.retry === undefined ? {} : { retry: rest.retry }) };
    const deadlineMs = rest.deadlineMs ?? limits.deadlineMs;
    const ends = deadlineMs === undefined ? undefined : performance.now() + deadlineMs;
    const read: ReadPage = async (ask) => {
      if (ends !== undefined && performance.now() >= ends) throw outOfTime(this.name);
      linked ||= ask.links === true && !rest.referenceLinks;
      const page = await this.#page<string, DisplayValue, boolean>({
        ...rest,
        // The time is for the whole list, not for each of its pages.
        ...(ends === undefined ? {} : { deadlineMs: Math.max(1, ends - performance.now()) }),
        referenceLinks: rest.referenceLinks || ask.links,
        query: ask.query,
        limit: ask.limit,
        offset: ask.offset,
        noCount: !ask.count,
        displayValue: both ? "all" : (displayValue ?? "false"),
        ...(fields ? { fields: [...fields, ...extra] } : {}),
      });
      return page;
    };
    const steps = readSplitQuery(
      read,
      { filter, pageSize: Math.min(pageSize, max), max, onceOnly: limits.retry === false },
      fields?.join(",").length ?? 0,
    );
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      const page = step.value;
      if (linked) page.rows = page.rows.map(withoutLinks);
      if (extra.length || both) page.rows = page.rows.map((row) => trim(row, extra, both));
      yield page as Page<ResultRow<Row, F, D, Links>>;
    }
  }

  /** All rows, one by one. */
  async *rows<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: ListOptions<F, D, Links> = {},
  ): AsyncGenerator<ResultRow<Row, F, D, Links>, ListFacts> {
    const pages = this.pages(options);
    for (;;) {
      const step = await pages.next();
      if (step.done) return step.value;
      yield* step.value.rows;
    }
  }

  /** All rows in one array, up to `max` (10,000); says whether it stopped there and how many are hidden. */
  async list<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: ListOptions<F, D, Links> = {},
  ): Promise<List<ResultRow<Row, F, D, Links>>> {
    const rows: ResultRow<Row, F, D, Links>[] = [];
    const pages = this.pages({ ...options, max: options.max ?? 10_000 });
    for (;;) {
      const step = await pages.next();
      if (step.done) return { rows, ...step.value };
      rows.push(...step.value.rows);
    }
  }

  /** The record with this sys_id. @throws ServiceNowError `not-found` when there is none, or none that may be read */
  async get<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    record: Reference,
    options: ReadOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links>> {
    const id = sysIdOf(record);
    const answer = await this.#send("GET", id, `read ${this.name} ${id}`, options);
    return this.#row(answer) as ResultRow<Row, F, D, Links>;
  }

  /** The first row of a query, or null. Asks the instance for one row only. */
  async first<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: PageOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links> | null> {
    const page = await this.page({ ...options, limit: 1, noCount: true });
    return page.rows[0] ?? null;
  }

  /** The only row of a query, or null. @throws ServiceNowError `several-matches` */
  async oneOrNone<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: PageOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links> | null> {
    const page = await this.page({ ...options, limit: 2 });
    return this.#single(page.rows, page.total);
  }

  /** The only row of a query. @throws ServiceNowError `no-match` or `several-matches` */
  async one<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    options: PageOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links>> {
    return (await this.oneOrNone(options)) ?? this.#noMatch();
  }

  /** The record with this number. @throws as {@link one} */
  async getByNumber<
    F extends string = never,
    D extends DisplayValue = "false",
    Links extends boolean = false,
  >(number: string, options: ReadOptions<F, D, Links> = {}): Promise<ResultRow<Row, F, D, Links>> {
    const rows = await this.#byKey({ number: number.trim() }, options, 2);
    return (this.#single(rows, null) as ResultRow<Row, F, D, Links> | null) ?? this.#noMatch();
  }

  /**
   * The record whose columns have these values, or null.
   *
   * @throws ServiceNowError `several-matches`; `query-rights` when a column does not exist or may not be read, where a query would give any record
   */
  async byKey<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    key: Readonly<Record<string, string>>,
    options: ReadOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links> | null> {
    const rows = await this.#byKey(key, options, 2);
    return this.#single(rows, null) as ResultRow<Row, F, D, Links> | null;
  }

  /** The record that was first made with this value in the column, or null. @throws ServiceNowError `query-rights` as {@link byKey} */
  async firstMade<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    column: string,
    value: string,
    options: ReadOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links> | null> {
    const { signal, timeoutMs, deadlineMs, retry, params, noDomain } = options;
    const asked = { signal, timeoutMs, deadlineMs, retry, params, noDomain, fields: ["sys_id", column] };
    const oldest = [{ field: "sys_created_on", descending: false }];
    const rows = await this.#byKey({ [column]: value }, asked, 10, oldest);
    // ServiceNow compares without regard to case, and ids of other systems differ by it.
    const row = rows.find((one) => one[column] === value);
    return row ? this.get<F, D, Links>(String(row.sys_id), options) : null;
  }

  /**
   * Creates a record. Not sent twice unless it surely was not carried out, or `correlation` makes it safe.
   *
   * @returns the record as the instance made it (business rules may have changed it)
   */
  async create<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    values: Record<string, WriteValue>,
    options: CreateOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links>> {
    const body = toBody(values);
    const operation = `create a record in ${this.name}`;
    const { correlation, ...rest } = options;
    if (!correlation) {
      const answer = await this.#send("POST", "", operation, rest, body);
      return this.#row(answer) as ResultRow<Row, F, D, Links>;
    }
    const key = body[correlation];
    if (!key) {
      throw new ServiceNowError({
        kind: "usage",
        what: `The values have nothing in ${correlation}, the correlation column`,
      });
    }
    return createIdempotently(
      async () => {
        const answer = await this.#send("POST", "", operation, rest, body);
        return this.#row(answer) as ResultRow<Row, F, D, Links>;
      },
      () => this.firstMade<F, D, Links>(correlation, key, rest),
    );
  }

  /** Changes the columns given (PATCH). Repeated after a lost answer unless it writes a journal entry. */
  async update<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    record: Reference,
    values: Record<string, WriteValue>,
    options: WriteOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links>> {
    const id = sysIdOf(record);
    const answer = await this.#send("PATCH", id, `update ${this.name} ${id}`, options, toBody(values));
    return this.#row(answer) as ResultRow<Row, F, D, Links>;
  }

  /** The same with PUT. ServiceNow leaves the columns that are not given as they are. */
  async replace<F extends string = never, D extends DisplayValue = "false", Links extends boolean = false>(
    record: Reference,
    values: Record<string, WriteValue>,
    options: WriteOptions<F, D, Links> = {},
  ): Promise<ResultRow<Row, F, D, Links>> {
    const id = sysIdOf(record);
    const answer = await this.#send("PUT", id, `replace ${this.name} ${id}`, options, toBody(values));
    return this.#row(answer) as ResultRow<Row, F, D, Links>;
  }

  /** Deletes a record. @throws ServiceNowError `not-found` when it is not there */
  async delete(record: Reference, options: CallOptions = {}): Promise<void> {
    const id = sysIdOf(record);
    const call = { ...options, path: this.#path(id), operation: `delete ${this.name} ${id}` };
    await deleteWithRetry((watch) => this.client.request({ ...call, ...watch }));
  }

  /** Address of the record's form, for people. */
  link(record: Reference): string {
    return this.client.recordLink(this.name, sysIdOf(record));
  }

  #row(answer: Answer): RawRow {
    return asRecord(answer.data, `read the answer of ${this.name}`, answer.status);
  }

  #path(id: string): string {
    return `/api/now/table/${this.name}${id ? `/${segment(id, "sys_id")}` : ""}`;
  }

  #byKey(
    key: Readonly<Record<string, string>>,
    options: ReadOptions<string, DisplayValue, boolean>,
    limit: number,
    order: Order[] = [],
  ): Promise<RawRow[]> {
    const read = async (ask: PageOptions<string, DisplayValue, boolean>) =>
      (await this.#page(ask)) as Page<RawRow>;
    return byKey(this.name, read, key, options, limit, order);
  }

  #single<R>(rows: R[], total: number | null): R | null {
    if (rows.length < 2) return rows[0] ?? null;
    throw new ServiceNowError({
      kind: "several-matches",
      what: `${total ?? "Several"} records of ${this.name} match, and one was wanted`,
      remedy: "Make the query narrower",
    });
  }

  #noMatch(): never {
    throw new ServiceNowError({
      kind: "no-match",
      what: `No record of ${this.name} matches`,
      reason: "There is none, or the account may not read it",
      remedy: "Check the query and the account's read access",
    });
  }

  async #send(
    method: "GET" | "POST" | "PATCH" | "PUT",
    id: string,
    operation: string,
    options: WriteOptions,
    body?: Record<string, string>,
  ): Promise<Answer> {
    const params: Params = {
      sysparm_display_value: options.displayValue === "false" ? undefined : options.displayValue,
      sysparm_exclude_reference_link: options.referenceLinks ? undefined : true,
      sysparm_fields: options.fields,
      sysparm_view: options.view,
      sysparm_query_no_domain: options.noDomain || undefined,
      sysparm_input_display_value: options.inputDisplayValue || undefined,
      sysparm_suppress_auto_sys_field: options.suppressAutoSysField || undefined,
      ...options.params,
    };
    const { timeoutMs, deadlineMs, signal, retry } = options;
    const call = {
      method,
      path: this.#path(id),
      params,
      body,
      operation,
      timeoutMs,
      deadlineMs,
      signal,
      retry,
    };
    const answer = await this.client.request<{ result?: unknown } | null>(call);
    const result = answer.data?.result;
    if (result === undefined) {
      throw new ServiceNowError({
        kind: "not-servicenow",
        what: `Could not ${operation}: the answer is JSON without a result`,
        reason: "Something else than ServiceNow's Table API answered",
        remedy: "Check the instance address",
        status: answer.status,
      });
    }
    return { ...answer, data: result };
  }
}
