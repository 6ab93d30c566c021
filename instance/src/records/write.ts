import type { Instance } from "../core/instance";
import { metadataRoot, type Table } from "../dictionary/model";
import { completeApplicationFile } from "./application-file";
import { errors } from "../core/errors";
import type { Row, Stored } from "../store/values";
import { toStored } from "../store/values";
import { stamp } from "../clock/time";
import { recordDelete, recordInsert, recordUpdate } from "./audit";
import { runRules } from "./business-rules";
import { guardDictionary } from "./dictionary-rules";
import { runDictionaryHooks } from "./dictionary-hooks";
import { afterDelete, afterInsert, afterUpdate } from "./after-write";
import type { Input } from "./input";
import { addJournal } from "./journal";
import { isStored } from "./serialise";
import { applyStandardTemplate } from "./standard-change";
import { applyTaskRules, classDefaults } from "./task-rules";
import { newId } from "../ids/sys-id";
import type { Session } from "../core/session";
import type { Work } from "../core/work";

export interface WriteOptions {
  /** The body's own values of the automatic columns win, and an update leaves them alone. */
  suppressAutoFields?: boolean;
  /** Skip business rules, journal, audit and what follows them, as `setWorkflow(false)` does. */
  quiet?: boolean;
}

/** A client may choose it in capitals too. */
const isId = /^[0-9a-f]{32}$/i;
const stampColumns = [
  "sys_created_on",
  "sys_created_by",
  "sys_updated_on",
  "sys_updated_by",
  "sys_mod_count",
];

/**
 * Inserts a record and returns it as stored, with everything that defaults and rules made of it.
 *
 * @throws ApiError when a rule, policy or state model refuses it
 */
export function insertRecord(
  instance: Instance,
  session: Session,
  table: Table,
  input: Input,
  options: WriteOptions = {},
): Row {
  if (table.name === metadataRoot) throw errors.aclRefused("Insert");
  const ownId = idOf(instance, session, input);
  // A database lets the second of two equal keys wait until the first is committed.
  if (ownId) instance.lateCommits.settleRecord(ownId);
  return commit(instance, session, (work) => {
    const now = stamp(work.time);
    const { user } = session;
    if (ownId && instance.store.isTaken(table, ownId)) throw errors.duplicateId(ownId);
    const sysId = ownId ?? work.once(newId);
    work.touched.add(sysId);
    const row: Row = {
      ...defaults(instance, session, table, now),
      ...classDefaults[table.lineage.find((name) => classDefaults[name]) ?? ""],
    };
    for (const [element, stored] of input.values) if (!stampColumns.includes(element)) row[element] = stored;
    row.sys_id = sysId;
    row.sys_created_on = now;
    row.sys_created_by = user.userName;
    if (!table.noUpdateColumns) {
      row.sys_updated_on = now;
      row.sys_updated_by = user.userName;
      row.sys_mod_count = 0;
    }
    if (options.suppressAutoFields && mayWriteSystem(instance, session)) applyStamps(row, input);
    if (table.columns.has("sys_class_name")) row.sys_class_name = table.name;
    else if (table.name !== table.storage) row.sys_class_name = table.name;
    if (table.prefix && table.columns.has("number") && (row.number === null || row.number === undefined))
      row.number = nextNumber(instance, table.prefix, work);
    if (table.columns.has("task_effective_number")) row.task_effective_number = row.number ?? null;
    completeNames(table, row);
    completeApplicationFile(table, row);
    applyStandardTemplate(instance, table, row, input);
    if (table.name === "oauth_entity") {
      row.client_id ??= work.once(newId);
      if (row.public_client !== 1) row.client_secret ??= work.once(newId);
    }
    applyTaskRules(instance, table, row, undefined, { now, userId: user.sysId });
    guardDictionary(instance, table, undefined, row);
    instance.store.insert(table.storage, row);
    if (table.name === "sys_user" && instance.config.explicitRoles) makeInternal(instance, row, work);
    if (options.quiet) return storedRecord(instance, table, sysId);
    for (const entry of input.journals) addJournal(instance, session, table, sysId, entry, work);
    runRules(instance, session, table, "insert", sysId, undefined, work);
    const stored = storedRecord(instance, table, sysId);
    const version = instance.store.version(table.storage);
    recordInsert(instance, session, table, stored, work);
    afterInsert(instance, session, table, stored, work);
    runDictionaryHooks(instance, session, table, { after: stored }, work);
    return instance.store.version(table.storage) === version ? stored : storedRecord(instance, table, sysId);
  });
}

const nextNumber = (instance: Instance, prefix: string, work: Work): string =>
  work.once(() => instance.numbers.next(prefix));

/** The record as it is stored now; business rules may have changed it, or taken it away. */
function storedRecord(instance: Instance, table: Table, sysId: string): Row {
  const row = instance.store.byId(table, sysId);
  if (!row) throw errors.noRecord();
  return row;
}

/** The sys_id that a body asks for; none where the account may not choose it. */
function idOf(instance: Instance, session: Session, input: Input): string | undefined {
  const given = input.values.get("sys_id");
  return typeof given === "string" && isId.test(given) && mayWriteSystem(instance, session)
    ? given
    : undefined;
}

/** Updates a record; one that stays as it was keeps its stamps. Returns it as stored. */
export function updateRecord(
  instance: Instance,
  session: Session,
  asked: Table,
  sysId: string,
  input: Input,
  options: WriteOptions = {},
): Row {
  instance.lateCommits.settleRecord(sysId);
  const table = classOf(instance, asked, sysId);
  return commit(instance, session, (work) => {
    work.touched.add(sysId);
    const base = instance.store.byId(table, sysId);
    if (!base) throw errors.noRecord();
    const now = stamp(work.time);
    const actual = instance.dictionary.get(String(base.sys_class_name ?? table.name)) ?? table;
    const row: Row = { ...base };
    for (const [element, stored] of input.values) {
      if (element === "sys_class_name") reclass(instance, actual, row, stored);
      else if (element !== "sys_id" && !stampColumns.includes(element)) row[element] = stored;
    }
    completeNames(actual, row, base);
    completeApplicationFile(actual, row, base);
    if (table.columns.has("task_effective_number") && row.number !== base.number)
      row.task_effective_number = row.number ?? null;
    applyTaskRules(instance, actual, row, base, { now, userId: session.user.sysId });
    guardDictionary(instance, actual, base, row);
    if (options.suppressAutoFields && mayWriteSystem(instance, session)) applyStamps(row, input);
    const changes = difference(base, row);
    if (Object.keys(changes).length === 0 && input.journals.length === 0) return base;
    if (!table.noUpdateColumns && !options.suppressAutoFields) {
      changes.sys_updated_on = now;
      changes.sys_updated_by = session.user.userName;
      changes.sys_mod_count = Number(base.sys_mod_count ?? 0) + 1;
    }
    instance.store.update(table.storage, sysId, changes);
    // The record may have left the class it was asked for in.
    const written = instance.dictionary.get(String(row.sys_class_name ?? "")) ?? actual;
    const reread = (): Row => instance.store.byId(written, sysId) ?? row;
    if (options.quiet) return reread();
    for (const entry of input.journals) addJournal(instance, session, actual, sysId, entry, work);
    runRules(instance, session, actual, "update", sysId, base, work);
    const stored = reread();
    recordUpdate(instance, session, actual, base, stored, work);
    afterUpdate(instance, session, actual, base, stored, work);
    runDictionaryHooks(instance, session, actual, { before: base, after: stored }, work);
    return reread();
  });
}

/** Deletes a record with its attachments and what else hangs on it. */
export function deleteRecord(instance: Instance, session: Session, table: Table, sysId: string): void {
  instance.lateCommits.settleRecord(sysId);
  commit(instance, session, (work) => remove(instance, session, table, sysId, work));
}

function remove(instance: Instance, session: Session, asked: Table, sysId: string, work: Work): void {
  work.touched.add(sysId);
  const { store, dictionary } = instance;
  const table = classOf(instance, asked, sysId);
  const row = store.byId(table, sysId);
  if (!row) throw errors.noRecord();
  const actual = dictionary.get(String(row.sys_class_name ?? table.name)) ?? table;
  guardDictionary(instance, actual, row, undefined);
  runRules(instance, session, actual, "delete", sysId, row, work);
  store.delete(actual.storage, sysId);
  recordDelete(instance, session, actual, row, work);
  afterDelete(instance, sysId);
  const attachments = dictionary.get("sys_attachment");
  if (attachments)
    for (const { sys_id } of store.all("SELECT sys_id FROM sys_attachment WHERE table_sys_id = ?", [sysId]))
      remove(instance, session, attachments, String(sys_id), work);
  runDictionaryHooks(instance, session, actual, { before: row }, work);
}

/** The table that holds the record: `sys_metadata` shows application files of every kind and holds none. */
function classOf(instance: Instance, table: Table, sysId: string): Table {
  if (table.name !== metadataRoot) return table;
  const row = instance.store.byId(table, sysId);
  return instance.dictionary.get(String(row?.sys_class_name ?? "")) ?? table;
}

function commit<T>(instance: Instance, session: Session, run: (work: Work) => T): T {
  const delay = session.commitDelaySeconds ?? instance.config.commitDelaySeconds;
  return instance.lateCommits.commit(instance.stampTime(), delay, run);
}

function mayWriteSystem(instance: Instance, session: Session): boolean {
  return !instance.config.adminOnlySysFields || session.user.admin;
}

function applyStamps(row: Row, input: Input): void {
  for (const element of stampColumns) {
    const stored = input.values.get(element);
    if (stored !== undefined && stored !== null) row[element] = stored;
  }
}

function difference(before: Row, after: Row): Row {
  const changes: Row = {};
  for (const [element, stored] of Object.entries(after))
    if ((before[element] ?? null) !== (stored ?? null)) changes[element] = stored ?? null;
  return changes;
}

/** A change of class within the hierarchy keeps the record and its sys_id. */
function reclass(instance: Instance, actual: Table, row: Row, wanted: Stored): void {
  const target = instance.dictionary.get(String(wanted ?? ""));
  if (target && target.storage === actual.storage) row.sys_class_name = target.name;
}

const defaultCache = new WeakMap<Table["columns"], { plain: Row; scripts: [string, string][] }>();

function defaults(instance: Instance, session: Session, table: Table, now: string): Row {
  let known = defaultCache.get(table.columns);
  if (!known) {
    known = { plain: {}, scripts: [] };
    for (const column of table.columns.values()) {
      if (column.default === undefined || !isStored(column)) continue;
      if (column.default.startsWith("javascript:")) known.scripts.push([column.element, column.default]);
      else known.plain[column.element] = toStored(column, column.default);
    }
    defaultCache.set(table.columns, known);
  }
  const row = { ...known.plain };
  for (const [element, script] of known.scripts) {
    if (script.includes("getUserID")) row[element] = session.user.sysId;
    else if (script.includes("nowDateTime")) row[element] = now;
  }
  return row;
}

/** Names that are put together from other columns. */
function completeNames(table: Table, row: Row, before?: Row): void {
  if (table.storage === "sys_user") {
    if (!before || before.first_name !== row.first_name || before.last_name !== row.last_name) {
      const name = [row.first_name, row.last_name].filter(Boolean).join(" ");
      if (name) row.name = name;
    }
  }
  if (table.name === "cmn_location" && !row.full_name) row.full_name = row.name ?? null;
  if (table.name === "kb_category" && !row.full_category) row.full_category = row.label ?? null;
}

/** With explicit roles a new user is an internal one. The platform grants the role at the first sign-in; here he has it at once. */
function makeInternal(instance: Instance, user: Row, work: Work): void {
  const role = instance.store.get("SELECT sys_id FROM sys_user_role WHERE name = 'snc_internal'");
  if (!role) return;
  instance.store.insert("sys_user_has_role", {
    sys_id: work.once(newId),
    user: user.sys_id ?? null,
    role: role.sys_id ?? null,
    inherited: 0,
    state: "active",
    sys_created_on: user.sys_created_on ?? null,
    sys_created_by: user.sys_created_by ?? null,
    sys_updated_on: user.sys_created_on ?? null,
    sys_updated_by: user.sys_created_by ?? null,
    sys_mod_count: 0,
  });
}
