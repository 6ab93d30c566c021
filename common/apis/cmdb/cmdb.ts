import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { tableName } from "../../http/url";
import type { Reference } from "../../table/types";
import { sysIdOf, toBody, type WriteValue } from "../../table/values";
import { common, path, resultOf } from "../../http/api-call";
import { textOf, valueText } from "../../table/cells";
import { where } from "../../query/terms";

export * from "./identify";

/** A relation of a configuration item. */
export interface CiRelation {
  /** sys_id of the relation (`cmdb_rel_ci`), for {@link Cmdb.unrelate}. */
  sys_id: string;
  /** `Depends on::Used by` */
  type: { sys_id: string; name: string };
  /** The other end. */
  target: { sys_id: string; name: string };
}

/** An item with its relations. */
export interface ConfigurationItem {
  /** sys_id of the item. */
  sys_id: string;
  /** Its class, which may be below the one it was asked by. */
  className: string;
  /** Columns as the CMDB API gives them: texts, and references as objects. */
  attributes: Record<string, unknown>;
  /** Relations in which this item is the child. */
  inbound: CiRelation[];
  /** Relations in which this item is the parent. */
  outbound: CiRelation[];
}

/** A relation to be made together with an item. */
export interface NewRelation {
  /** sys_id of the relation type (`cmdb_rel_type`). */
  type: Reference;
  /** The other item. */
  target: Reference;
  /** Class of the other item, where the instance cannot tell it by the sys_id. */
  className?: string;
}

/** Where the data of an item comes from, and relations to be made with it. */
export interface WriteCi extends CallOptions {
  /** Where the data comes from, a choice of `cmdb_ci.discovery_source`. @default ServiceNow */
  source?: string;
  /** Relations in which the item is the child. */
  inbound?: readonly NewRelation[];
  /** Relations in which the item is the parent. */
  outbound?: readonly NewRelation[];
}

const BASE = "/api/now/cmdb/instance";

/** `cmdb(client).get("cmdb_ci_linux_server", id)` */
export function cmdb(client: ServiceNow): Cmdb {
  return new Cmdb(client);
}

/**
 * Configuration items with their relations; writes pass identification, so that no item is made twice.
 * @see https://www.servicenow.com/docs/csh?topicname=cmdb-instance-api.html
 */
export class Cmdb {
  constructor(readonly client: ServiceNow) {}

  /** sys_id and name of the items of a class and its subclasses. */
  async list(
    className: string,
    options: CallOptions & { query?: string; max?: number; offset?: number } = {},
  ): Promise<{ sys_id: string; name: string }[]> {
    const name = tableName(className);
    return resultOf(this.client, {
      ...common(options),
      path: path(BASE, name),
      params: {
        ...options.params,
        sysparm_query: options.query,
        sysparm_limit: options.max ?? 1000,
        sysparm_offset: options.offset || undefined,
      },
      operation: `list ${name}`,
      needs: "the CMDB",
    });
  }

  /** @throws `not-found` */
  async get(className: string, item: Reference, options: CallOptions = {}): Promise<ConfigurationItem> {
    const name = tableName(className);
    const id = sysIdOf(item);
    const call = { ...common(options), path: path(BASE, name, id), operation: `read ${name} ${id}` };
    return toItem(await resultOf(this.client, call), name);
  }

  /** Creates an item, or updates the one that identification finds to be the same. */
  async create(
    className: string,
    attributes: Record<string, WriteValue>,
    options: WriteCi = {},
  ): Promise<ConfigurationItem> {
    const name = tableName(className);
    return toItem(
      await resultOf(this.client, {
        ...common(options),
        method: "POST",
        path: path(BASE, name),
        body: payload(attributes, options),
        operation: `create an item of ${name}`,
      }),
      name,
    );
  }

  /** Changes the attributes given. */
  async update(
    className: string,
    item: Reference,
    attributes: Record<string, WriteValue>,
    options: WriteCi = {},
  ): Promise<ConfigurationItem> {
    const name = tableName(className);
    const id = sysIdOf(item);
    return toItem(
      await resultOf(this.client, {
        ...common(options),
        method: "PATCH",
        path: path(BASE, name, id),
        body: payload(attributes, options),
        operation: `update ${name} ${id}`,
      }),
      name,
    );
  }

  /** All relations of an item in both directions, with names, whatever its class. */
  async relations(
    item: Reference,
    options: CallOptions = {},
  ): Promise<{ inbound: CiRelation[]; outbound: CiRelation[] }> {
    const id = sysIdOf(item);
    const list = await this.client.table("cmdb_rel_ci").list({
      ...common(options),
      query: where([
        [
          ["parent", "=", id],
          ["child", "=", id],
        ],
      ]),
      fields: ["sys_id", "parent", "child", "type"],
      displayValue: "all",
    });
    const end = (cell: { value: string; display_value: string | null }) => ({
      sys_id: cell.value,
      name: cell.display_value ?? "",
    });
    const relation = (row: (typeof list.rows)[number], other: "parent" | "child"): CiRelation => ({
      sys_id: row.sys_id.value,
      type: end(row.type),
      target: end(row[other]),
    });
    return {
      inbound: list.rows.filter((row) => row.child.value === id).map((row) => relation(row, "parent")),
      outbound: list.rows.filter((row) => row.parent.value === id).map((row) => relation(row, "child")),
    };
  }

  /** Ties two items together, once: an existing relation of the same type is given back. */
  async relate(
    parent: Reference,
    type: Reference,
    child: Reference,
    options: CallOptions = {},
  ): Promise<{ sys_id: string; created: boolean }> {
    const values = { parent: sysIdOf(parent), type: sysIdOf(type), child: sysIdOf(child) };
    const table = this.client.table("cmdb_rel_ci");
    const query = where([
      ["parent", "=", values.parent],
      ["type", "=", values.type],
      ["child", "=", values.child],
    ]);
    const found = await table.first({ ...common(options), query, fields: ["sys_id"] });
    if (found) return { sys_id: found.sys_id, created: false };
    const made = await table.create(values, { ...common(options), fields: ["sys_id"] });
    return { sys_id: made.sys_id, created: true };
  }

  /**
   * Takes a relation away. @param relation its sys_id or record (`cmdb_rel_ci`)
   * @throws ServiceNowError `not-found` when it is gone already
   */
  async unrelate(relation: Reference, options: CallOptions = {}): Promise<void> {
    await this.client.table("cmdb_rel_ci").delete(relation, common(options));
  }

  /**
   * An item and those that stand around it, in steps of relations, each once. Stops at `maxItems` around it and says so.
   */
  async graph(
    item: Reference,
    options: CallOptions & {
      direction?: "inbound" | "outbound" | "both";
      depth?: number;
      maxItems?: number;
    } = {},
  ): Promise<{
    items: { sys_id: string; name: string; distance: number }[];
    relations: CiEdge[];
    complete: boolean;
  }> {
    const { direction = "both", depth = 3, maxItems = 500 } = options;
    const start = sysIdOf(item);
    const items = new Map([[start, { sys_id: start, name: "", distance: 0 }]]);
    const relations = new Map<string, CiEdge>();
    let frontier = [start];
    for (let distance = 1; distance <= depth && frontier.length > 0; distance++) {
      const next: string[] = [];
      for (let at = 0; at < frontier.length; at += 100) {
        for (const edge of await this.#edges(frontier.slice(at, at + 100), direction, options)) {
          relations.set(edge.sys_id, edge);
          for (const end of [edge.parent, edge.child]) {
            const known = items.get(end.sys_id);
            if (known) known.name ||= end.name;
            else if (items.size <= maxItems) {
              items.set(end.sys_id, { ...end, distance });
              next.push(end.sys_id);
            } else return { items: [...items.values()], relations: [...relations.values()], complete: false };
          }
        }
      }
      frontier = next;
    }
    return { items: [...items.values()], relations: [...relations.values()], complete: true };
  }

  async #edges(
    ids: string[],
    direction: "inbound" | "outbound" | "both",
    options: CallOptions,
  ): Promise<CiEdge[]> {
    const list = ids.join(",");
    const down = ["parent", "IN", list] as ["parent", "IN", string];
    const up = ["child", "IN", list] as ["child", "IN", string];
    const { rows } = await this.client.table("cmdb_rel_ci").list({
      ...common(options),
      query: where([direction === "both" ? [down, up] : direction === "outbound" ? down : up]),
      fields: ["sys_id", "parent", "child", "type"],
      displayValue: "all",
    });
    return rows.map((row) => ({
      sys_id: row.sys_id.value,
      type: row.type.display_value ?? "",
      parent: { sys_id: row.parent.value, name: row.parent.display_value ?? "" },
      child: { sys_id: row.child.value, name: row.child.display_value ?? "" },
    }));
  }
}

/** A relation between two items. */
export interface CiEdge {
  /** sys_id of the relation (`cmdb_rel_ci`). */
  sys_id: string;
  /** `Depends on::Used by`; the part before the colons is read from parent to child. */
  type: string;
  /** The end that depends, contains, runs … */
  parent: { sys_id: string; name: string };
  /** The other end. */
  child: { sys_id: string; name: string };
}

function payload(attributes: Record<string, WriteValue>, options: WriteCi): Record<string, unknown> {
  const relations = (list: readonly NewRelation[] | undefined) =>
    list?.map(({ type, target, className }) => ({
      type: sysIdOf(type),
      target: sysIdOf(target),
      sys_class_name: className ?? "cmdb_ci",
    }));
  return {
    attributes: toBody(attributes),
    ...(options.inbound ? { inbound_relations: relations(options.inbound) } : {}),
    ...(options.outbound ? { outbound_relations: relations(options.outbound) } : {}),
    source: options.source ?? "ServiceNow",
  };
}

function toItem(raw: Record<string, unknown>, className: string): ConfigurationItem {
  const attributes = Object(raw["attributes"]) as Record<string, unknown>;
  const relations = (list: unknown): CiRelation[] =>
    (Array.isArray(list) ? list : []).map((relation: unknown) => {
      const end = (key: string) => {
        const cell: unknown = Reflect.get(Object(relation), key);
        return { sys_id: valueText(cell), name: textOf(cell) };
      };
      return {
        sys_id: valueText(Reflect.get(Object(relation), "sys_id")),
        type: end("type"),
        target: end("target"),
      };
    });
  return {
    sys_id: valueText(attributes["sys_id"]),
    className: valueText(attributes["sys_class_name"]) || className,
    attributes,
    inbound: relations(raw["inbound_relations"]),
    outbound: relations(raw["outbound_relations"]),
  };
}
