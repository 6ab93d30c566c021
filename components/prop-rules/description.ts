/** What the rules read of a prop: the part of its definition that the Connect API shows. */
export interface PropDescription {
  name: string;
  type: string;
  label?: string;
  optional?: boolean;
  hidden?: boolean;
  disabled?: boolean;
  /** Used where no value is set. */
  default?: unknown;
  /** Fixed by the author, and not the user's to change. */
  static?: unknown;
  withLabel?: boolean;
  secret?: boolean;
  min?: number;
  max?: number;
}

/** Types whose value the host makes itself: no form asks for them and no caller sets them. */
const providedTypes = new Set(["alert", "$.service.db", "$.interface.http", "$.interface.apphook", "dir"]);

export const isProvided = (prop: PropDescription): boolean => providedTypes.has(prop.type);

/** Whether a run needs a value of its own for this prop, a default aside. */
export const isRequired = (prop: PropDescription): boolean =>
  prop.optional !== true &&
  prop.hidden !== true &&
  prop.disabled !== true &&
  prop.static === undefined &&
  !isProvided(prop);

export const isList = (prop: PropDescription): boolean => prop.type.endsWith("[]");

/** The prop as one of its items: a `string[]` as a `string`. */
export const itemOf = <P extends PropDescription>(prop: P): P => ({ ...prop, type: prop.type.slice(0, -2) });

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
