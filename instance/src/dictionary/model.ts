import rawChoices from "./choices.json";
import { extraTables } from "./extra";
import { extraChoices } from "./further-choices";
import type { RawColumn, RawTable } from "./raw";
import rawTables from "./tables.json";

/** How values of a column are stored, compared and served. Many dictionary types share one kind. */
type Kind =
  | "string"
  | "integer"
  | "decimal"
  | "boolean"
  | "datetime"
  | "dueDate"
  | "date"
  | "time"
  | "duration"
  | "reference"
  | "list"
  | "journal"
  | "journalList"
  | "password"
  | "currency"
  | "class"
  | "guid"
  | "domain"
  | "document"
  | "hidden";

export interface Column {
  element: string;
  label: string;
  type: string;
  kind: Kind;
  maxLength: number;
  reference?: string;
  default?: string;
  choice: boolean;
  display: boolean;
  mandatory: boolean;
  /** Read-only on forms; the Table API writes it all the same. */
  readOnly: boolean;
  /** Put together by the platform from other columns; what a client sends is passed over. */
  calculated: boolean;
  /** The table whose dictionary holds the row: the one that defines the column first. */
  definedOn: string;
}

export interface Table {
  name: string;
  label: string;
  plural: string;
  superName: string | null;
  prefix: string | null;
  display: string | null;
  /** Without sys_updated_on, sys_updated_by and sys_mod_count, like sys_journal_field. */
  noUpdateColumns: boolean;
  own: Column[];
  /** Inherited columns first. */
  columns: Map<string, Column>;
  /** The table itself, then its ancestors, root last. */
  lineage: string[];
  /** The table and everything that extends it. */
  classes: string[];
  /** Name of the storage table: the root of the hierarchy, for application files the one below `sys_metadata`. */
  storage: string;
}

export interface Choice {
  value: string;
  label: string;
  sequence: number;
  dependent: string;
  /** Offered no more, but old rows still show its label. */
  inactive: boolean;
}

interface RawChoiceList {
  choices: { value: string; label: string; sequence: string; dependent_value?: string }[];
  legacy?: string[];
}

const kinds: Record<string, Kind> = {
  integer: "integer",
  float: "decimal",
  decimal: "decimal",
  boolean: "boolean",
  glide_date_time: "datetime",
  due_date: "dueDate",
  glide_date: "date",
  glide_time: "time",
  glide_duration: "duration",
  timer: "duration",
  reference: "reference",
  glide_list: "list",
  journal: "journal",
  journal_input: "journal",
  journal_list: "journalList",
  password: "password",
  password2: "password",
  price: "currency",
  currency: "currency",
  sys_class_name: "class",
  GUID: "guid",
  char: "guid",
  domain_id: "domain",
  document_id: "document",
  variables: "hidden",
  related_tags: "string",
};

const updateColumns = new Set(["sys_updated_on", "sys_updated_by", "sys_mod_count"]);
/** The table that application files of every kind extend. */
export const metadataRoot = "sys_metadata";

function toColumn(raw: RawColumn, definedOn: string): Column {
  return {
    element: raw.element,
    label: raw.label,
    type: raw.type,
    kind: kinds[raw.type] ?? "string",
    maxLength: raw.max_length,
    reference: raw.reference,
    default: raw.default,
    choice: raw.choice === true,
    display: raw.display === true,
    mandatory: raw.mandatory === true,
    readOnly: raw.read_only === true || raw.calculated === true || raw.element.startsWith("sys_"),
    calculated: raw.calculated === true,
    definedOn,
  };
}

/** All tables and choice lists of the instance, with inheritance resolved. Custom tables and columns may be added to it. */
export class Dictionary {
  readonly tables = new Map<string, Table>();
  readonly choiceLists = new Map<string, Choice[]>();
  hasCustom = false;
  readonly #raw = merge(rawTables.tables, extraTables());

  constructor() {
    this.#build(this.#raw);
    this.#addChoices({ ...(rawChoices as Record<string, RawChoiceList>), ...extraChoices });
  }

  /** Whether a table, or a column of its own, is one that the instance starts with. */
  builtIn(table: string, element?: string): boolean {
    const known = this.#raw[table];
    if (!known || element === undefined) return known !== undefined;
    return (
      known.columns.some((column) => column.element === element) ||
      (known.super === null && (rawTables.base as RawColumn[]).some((column) => column.element === element))
    );
  }

  /** Takes custom tables, and columns of tables that it has, in place of those given before. Tables keep their identity. */
  setCustom(custom: Record<string, RawTable>): void {
    this.hasCustom = Object.keys(custom).length > 0;
    this.#build(merge(this.#raw, custom));
  }

  get(name: string): Table | undefined {
    return this.tables.get(name);
  }

  /** A table that every instance has. */
  known(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw new Error(`The dictionary has no table ${name}.`);
    return table;
  }

  /** The choice list a table's column starts with: its own, else the nearest ancestor's. */
  choices(table: Table, element: string): Choice[] | undefined {
    for (const name of table.lineage) {
      const list = this.choiceLists.get(`${name}.${element}`);
      if (list) return list;
    }
    return undefined;
  }

  #build(raw: Record<string, RawTable>): void {
    const built = new Map<string, Table>();
    for (const name of Object.keys(raw)) resolve(name, raw, built);
    for (const table of built.values())
      for (const ancestor of table.lineage) built.get(ancestor)?.classes.push(table.name);
    for (const name of this.tables.keys()) if (!built.has(name)) this.tables.delete(name);
    for (const [name, table] of built) {
      const known = this.tables.get(name);
      if (known) Object.assign(known, table);
      else this.tables.set(name, table);
    }
  }

  #addChoices(lists: Record<string, RawChoiceList>): void {
    for (const [key, list] of Object.entries(lists)) {
      const choices = list.choices.map((choice) => ({
        value: choice.value,
        label: choice.label,
        sequence: Number(choice.sequence),
        dependent: choice.dependent_value ?? "",
        inactive: false,
      }));
      for (const value of list.legacy ?? [])
        choices.push({ value, label: value, sequence: 99, dependent: "", inactive: true });
      this.choiceLists.set(key, choices);
    }
  }
}

/** A column that the table has for certain. */
export function columnOf(table: Table, element: string): Column {
  const column = table.columns.get(element);
  if (!column) throw new Error(`The table ${table.name} has no column ${element}.`);
  return column;
}

/** Columns of a table that both have are put together. */
function merge(base: Record<string, RawTable>, further: Record<string, RawTable>): Record<string, RawTable> {
  const merged = { ...base };
  for (const [name, table] of Object.entries(further)) {
    const known = merged[name];
    merged[name] = known
      ? { ...known, super: known.super ?? table.super, columns: [...known.columns, ...table.columns] }
      : table;
  }
  return merged;
}

/** A table with everything it inherits, and before it the tables it extends. */
function resolve(name: string, raw: Record<string, RawTable>, built: Map<string, Table>): Table {
  const done = built.get(name);
  if (done) return done;
  const own = raw[name];
  if (!own) throw new Error(`A table extends ${name}, which does not exist.`);
  const parent = own.super ? resolve(own.super, raw, built) : undefined;
  const inherited = parent
    ? parent.columns
    : new Map((rawTables.base as RawColumn[]).map((column) => [column.element, toColumn(column, name)]));
  const columns = new Map<string, Column>();
  for (const [element, column] of inherited)
    if (!own.noUpdateColumns || !updateColumns.has(element)) columns.set(element, column);
  const mine = own.columns.map((column) => toColumn(column, name));
  for (const column of mine)
    columns.set(column.element, { ...column, definedOn: columns.get(column.element)?.definedOn ?? name });
  const lineage = [name, ...(parent?.lineage ?? [])];
  const root = parent?.lineage.at(-1) ?? name;
  const table: Table = {
    name,
    label: own.label,
    plural: own.plural ?? `${own.label}s`,
    superName: own.super,
    prefix: own.prefix ?? null,
    display: own.display ?? parent?.display ?? null,
    noUpdateColumns: own.noUpdateColumns === true,
    own: parent ? mine : [...columns.values()],
    columns,
    lineage,
    classes: [],
    // Metadata is stored by hierarchy below its root, which is a view of all of it.
    storage: root === metadataRoot ? (lineage.at(-2) ?? name) : root,
  };
  built.set(name, table);
  return table;
}
