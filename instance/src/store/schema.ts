import type { DatabaseSync } from "node:sqlite";
import { metadataRoot, type Column, type Dictionary } from "../dictionary/model";
import { listOfValues } from "./sql";

/** Storage type of each column of each storage table. A name that classes use with different kinds is stored as text. */
export function storageColumns(dictionary: Dictionary): Map<string, Map<string, string>> {
  const storages = new Map<string, Map<string, string>>();
  for (const table of dictionary.tables.values()) {
    const columns = storages.get(table.storage) ?? new Map<string, string>();
    storages.set(table.storage, columns);
    if (table.name !== table.storage && !columns.has("sys_class_name")) columns.set("sys_class_name", "TEXT");
    for (const column of table.columns.values()) {
      const type = sqlType(column);
      if (type === undefined) continue;
      const known = columns.get(column.element);
      columns.set(column.element, known === undefined || known === type ? type : "TEXT COLLATE NOCASE");
    }
  }
  return storages;
}

function sqlType(column: Column): string | undefined {
  switch (column.kind) {
    case "boolean":
    case "integer":
      return "INTEGER";
    case "journal":
    case "journalList":
    case "hidden":
      return undefined;
    case "string":
      return "TEXT COLLATE NOCASE";
    default:
      return "TEXT";
  }
}

/** Makes the storage tables and columns that the database does not have yet. */
export function createTables(db: DatabaseSync, dictionary: Dictionary): void {
  for (const [storage, columns] of storageColumns(dictionary)) {
    if (storage === metadataRoot) continue;
    const there = db
      .prepare("SELECT name FROM pragma_table_info(?)")
      .all(storage)
      .map(({ name }) => name);
    if (there.length > 0) {
      for (const [name, type] of columns)
        if (!there.includes(name)) db.exec(`ALTER TABLE "${storage}" ADD COLUMN "${name}" ${type}`);
      continue;
    }
    const list = [...columns].map(([name, type]) =>
      name === "sys_id" ? `"sys_id" TEXT NOT NULL UNIQUE` : `"${name}" ${type}`,
    );
    db.exec(`CREATE TABLE "${storage}" (row_number INTEGER PRIMARY KEY, ${list.join(", ")})`);
  }
  createMetadataView(db, dictionary);
  db.exec("CREATE TABLE IF NOT EXISTS attachment_content (sys_id TEXT PRIMARY KEY, content BLOB NOT NULL)");
  db.exec(
    "CREATE TABLE IF NOT EXISTS attachment_attribute (sys_id TEXT, name TEXT, value TEXT, PRIMARY KEY (sys_id, name))",
  );
}

/** Storage tables of application files. */
export function metadataStorages(dictionary: Dictionary): string[] {
  const files = [...dictionary.tables.values()].filter((table) => table.lineage.includes(metadataRoot));
  return [...new Set(files.map((table) => table.storage))].filter((storage) => storage !== metadataRoot);
}

/** `sys_metadata` is a view of all application files, with the columns they share. */
function createMetadataView(db: DatabaseSync, dictionary: Dictionary): void {
  const root = dictionary.get(metadataRoot);
  if (!root) return;
  const shared = [...root.columns.keys()].map((name) => `"${name}"`).join(", ");
  const storages = metadataStorages(dictionary);
  // Rows of different tables have different numbers.
  const parts = storages.map(
    (storage, at) =>
      `SELECT row_number * ${storages.length} + ${at} AS row_number, ${shared} FROM "${storage}"`,
  );
  // A file of an older version has a table of this name.
  const [old] = db.prepare("SELECT type FROM sqlite_master WHERE name = ?").all(metadataRoot);
  if (old) db.exec(`DROP ${old.type === "view" ? "VIEW" : "TABLE"} "${metadataRoot}"`);
  db.exec(`CREATE VIEW "${metadataRoot}" AS ${parts.join(" UNION ALL ")}`);
}

const lookups: Record<string, string[]> = {
  task: ["number", "parent", "problem_id", "request", "change_request", "correlation_id"],
  kb_knowledge: ["number"],
  sys_user: ["user_name", "email"],
  sys_user_has_role: ["user"],
  sys_user_grmember: ["user", "group"],
  sys_journal_field: ["element_id"],
  sys_audit: ["documentkey"],
  sys_audit_delete: ["tablename"],
  sys_attachment: ["table_sys_id"],
  oauth_credential: ["token"],
  oauth_entity: ["client_id"],
  task_sla: ["task"],
  sysapproval_approver: ["sysapproval"],
  sys_choice: ["name"],
  sys_dictionary: ["name"],
  sys_db_object: ["name"],
  sys_properties: ["name"],
  sys_script: ["collection"],
  item_option_new: ["cat_item"],
  metric_instance: ["id"],
};

/** What lists of tasks are filtered by. The first column is never asked for, so that no query but a count picks this index. */
const filterColumns = [
  "sys_domain",
  "sys_class_name",
  "active",
  "state",
  "incident_state",
  "priority",
  "impact",
  "urgency",
  "category",
  "assignment_group",
  "assigned_to",
  "caller_id",
  "opened_at",
];
const filtersIndex = "task__filters";

/**
 * The index that a count of a large table reads instead of its records, ten times as fast: when the condition needs nothing else. A
 * condition on anything more selective has an index of its own.
 */
export function countingIndex(storage: string, condition: string): string | undefined {
  if (storage !== "task" || condition.replaceAll(listOfValues, "").includes("SELECT")) return undefined;
  const asked = [...condition.matchAll(/r\."?(\w+)"?/g)].map(([, name = ""]) => name);
  const isCovered = asked.every((name) => filterColumns.includes(name));
  // A count of a whole class has a smaller index.
  return isCovered && asked.some((name) => name !== "sys_class_name") ? filtersIndex : undefined;
}

/** Time columns with sys_id as the tie-break serve keyset reads; the class in front serves tables that share a storage table. */
export function createIndexes(db: DatabaseSync, dictionary: Dictionary): void {
  for (const [storage, columns] of storageColumns(dictionary)) {
    if (storage === metadataRoot) continue;
    const shared = [...dictionary.tables.values()].filter((table) => table.storage === storage).length > 1;
    const index = (names: string[], where = ""): void => {
      if (names.every((name) => columns.has(name)))
        db.exec(
          `CREATE INDEX IF NOT EXISTS "${storage}__${names.join("__")}" ON "${storage}" (${names.map((name) => `"${name}"`).join(", ")})${where}`,
        );
    };
    index(["sys_updated_on", "sys_id"]);
    index(["sys_created_on", "sys_id"]);
    if (shared) {
      index(["sys_class_name", "sys_updated_on", "sys_id"]);
      index(["sys_class_name", "sys_created_on", "sys_id"]);
      index(["sys_class_name", "sys_id"]);
    }
    if (storage === "task")
      db.exec(
        `CREATE INDEX IF NOT EXISTS ${filtersIndex} ON task (${filterColumns.map((name) => `"${name}"`).join(", ")})`,
      );
    // Most of these are empty in most records; leaving those out makes inserts cheaper.
    for (const name of lookups[storage] ?? []) index([name], ` WHERE "${name}" IS NOT NULL`);
  }
}
