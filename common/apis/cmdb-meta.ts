import type { CallOptions, ServiceNow } from "../client";
import { tableName } from "../http/url";
import { common, path, resultOf, textOf } from "./call";

export interface CmdbAttribute {
  element: string;
  label: string;
  type: string;
  maxLength: number | null;
  isInherited: boolean;
  isMandatory: boolean;
  isReadOnly: boolean;
  isDisplay: boolean;
  defaultValue: string;
  /** Table a reference points to, where it is told. */
  reference: string;
}

/** What the CMDB says of a class of configuration items. */
export interface CmdbClass {
  name: string;
  label: string;
  parent: string;
  children: string[];
  isExtendable: boolean;
  attributes: CmdbAttribute[];
  /** Rules of relations and of identification, as the instance gives them. */
  relationshipRules: unknown[];
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
    doing: `read the class ${name}`,
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
