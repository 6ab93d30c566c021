import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { tableName } from "../http/url";
import { common, path, resultOf } from "../http/api-call";
import { textOf } from "../table/cells";

/** A column of a class, as the CMDB describes it. */
export interface CmdbAttribute {
  /** Name of the column. */
  element: string;
  /** What people read. */
  label: string;
  /** ServiceNow's own word: `string`, `reference`, `glide_date_time` … */
  type: string;
  /** Characters at most; null where it is not told. */
  maxLength: number | null;
  /** It belongs to a class above. */
  isInherited: boolean;
  /** An item without it is refused. */
  isMandatory: boolean;
  /** Not to be written. */
  isReadOnly: boolean;
  /** It stands for the item in lists and references. */
  isDisplay: boolean;
  /** Stored value of a new item; empty for none. */
  defaultValue: string;
  /** Table a reference points to, where it is told. */
  reference: string;
}

/** What the CMDB says of a class of configuration items. */
export interface CmdbClass {
  /** Table name: `cmdb_ci_linux_server`. */
  name: string;
  /** What people read. */
  label: string;
  /** Class it extends; empty for the root. */
  parent: string;
  /** Classes that extend it, one level down. */
  children: string[];
  /** Further classes may be made from it. */
  isExtendable: boolean;
  /** All columns, inherited ones too. */
  attributes: CmdbAttribute[];
  /** Rules of relations and of identification, as the instance gives them. */
  relationshipRules: unknown[];
  /** How items of the class are told apart, as the instance gives it. */
  identificationRules: unknown;
}

/**
 * A CI class with all its attributes: a description that needs the role itil and not the dictionary.
 * @see https://www.servicenow.com/docs/csh?topicname=cmdb-meta-api.html
 */
export async function cmdbMeta(
  client: ServiceNow,
  className: string,
  options: CallOptions = {},
): Promise<CmdbClass> {
  const name = tableName(className);
  const raw = await resultOf<Record<string, unknown>>(client, {
    ...common(options),
    path: path("/api/now/cmdb/meta", name),
    operation: `read the class ${name}`,
    needs: "the CMDB",
  });
  const list = (key: string): unknown[] => (Array.isArray(raw[key]) ? (raw[key] as unknown[]) : []);
  return {
    name: textOf(raw["name"]) || name,
    label: textOf(raw["label"]),
    parent: textOf(raw["parent"]),
    children: list("children").map((child) => textOf(child) || textOf(Reflect.get(Object(child), "name"))),
    isExtendable: flag(raw["is_extendable"]),
    attributes: list("attributes").map(toAttribute),
    relationshipRules: list("relationship_rules"),
    identificationRules: raw["identification_rules"] ?? null,
  };
}

function toAttribute(raw: unknown): CmdbAttribute {
  const get = (key: string): unknown => Reflect.get(Object(raw), key);
  const length = textOf(get("max_length"));
  return {
    element: textOf(get("element")),
    label: textOf(get("label")),
    type: textOf(get("type")),
    maxLength: length ? Number(length) : null,
    isInherited: flag(get("is_inherited")),
    isMandatory: flag(get("is_mandatory")),
    isReadOnly: flag(get("is_read_only")),
    isDisplay: flag(get("is_display")),
    defaultValue: textOf(get("default_value")),
    reference: textOf(get("reference")) || textOf(get("reference_table")),
  };
}

/** ServiceNow writes booleans as `"true"` in some APIs and as `true` in others. */
function flag(value: unknown): boolean {
  return textOf(value) === "true";
}
