import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import getCatalogItemVariables from "../../actions/get-catalog-item-variables/get-catalog-item-variables";
import type { AnyComponent } from "../../components";
import { useInstance, type Row } from "./action-suite";
import { runAction, type ActionRun } from "./components";
import { toRow } from "./present";

/** What the cases of an action may use to make their records. */
export type World = ReturnType<typeof useInstance> & {
  record: (table: string, values: Row) => Promise<Row>;
  incident: (values?: Row) => Promise<Row>;
  /** The user record of a user name. */
  person: (userName: string) => Promise<Row>;
  /** Runs an action with another account: that of a user, `ended` (its sign-in is over) or `away` (no such instance). */
  runWith: (as: string, action: AnyComponent, values: Row) => Promise<ActionRun>;
  /** Answers to every mandatory question of a catalog item. */
  answers: (item: string) => Promise<Row>;
};

/** What an account without inputs can get wrong: its sign-in is over, or its instance is not there. */
export const SIGN_IN_OVER = [{}, /connect the account again|sign-in|token/i, "ended"] as const;
export const NOT_THERE = [{}, /could not be reached|reach|refused/i, "away"] as const;

export type Values = Row | ((world: World) => Row | Promise<Row>);

/** One action: what works, and what a user gets wrong. */
export interface ActionCase {
  action: AnyComponent;
  /** Absent where the instance of the tests cannot do it; another suite shows it then. */
  works?: Values;
  says?: RegExp;
  /** Inputs that are refused, each with what is said; `as` is an account other than the administrator's. */
  fails: readonly (readonly [values: Values, message: RegExp, as?: string])[];
  /** True for an action that returns what is wrong instead of failing. */
  reports?: boolean;
  /** Looks at what was done. */
  then?: (world: World, result: unknown) => Promise<void>;
}

/**
 * Tables that change without anybody having written: carts are made when they are first looked at, articles count their readers, tokens
 * their use.
 */
const NOT_WRITTEN = /^(instance_state|sc_cart|kb_use|oauth_credential|sqlite_.*)$/;

/** How much is written in each table: the number of rows and the sum of their changes. */
export type Footprint = Record<string, string>;

/** An instance whose records can be counted behind its back, and the world of the cases. */
export function useWorld(): World & { footprint: () => Footprint } {
  const folder = mkdtempSync(join(tmpdir(), "action-cases-"));
  const file = join(folder, "instance.db");
  const suite = useInstance({ incidents: 30, args: ["--data", file] });
  let database: DatabaseSync | undefined;
  afterAll(() => {
    database?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const record = async (table: string, recordData: Row) =>
    toRow((await suite.run(createTableRecord, { table, recordData })).result);

  return {
    ...suite,
    record,
    incident: (values = {}) => record("incident", { short_description: "For a case", ...values }),
    person: async (name) => (await suite.rows("sys_user", `user_name=${name}`))[0] ?? {},
    runWith(as, action, values) {
      if (as === "ended") return runAction(action, { ...suite.auth(), oauth_access_token: "over" }, values);
      if (as === "away")
        return runAction(action, { ...suite.auth(), instance_name: "http://127.0.0.1:9" }, values);
      return as === "admin" ? suite.run(action, values) : suite.runAs(as, action, values);
    },
    async answers(item) {
      const { result } = await suite.run(getCatalogItemVariables, { catalogItemSysId: item });
      return Object.fromEntries(
        (result as { name: string; mandatory: boolean; choices?: { value: string }[] }[])
          .filter(({ mandatory }) => mandatory)
          .map(({ name, choices }) => [name, choices?.[0]?.value ?? "1"]),
      );
    },
    footprint() {
      const db = (database ??= new DatabaseSync(file, { readOnly: true }));
      const firstColumn = (sql: string) =>
        db
          .prepare(sql)
          .all()
          .map((row) => String(Object.values(row)[0]));
      const tables = firstColumn("select name from sqlite_master where type = 'table'");
      return Object.fromEntries(
        tables
          .filter((name) => !NOT_WRITTEN.test(name))
          .map((name) => {
            const columns = firstColumn(`select name from pragma_table_info('${name}')`);
            const changes = columns.includes("sys_mod_count") ? "total(sys_mod_count)" : "0";
            return [name, firstColumn(`select count(*) || '/' || ${changes} from "${name}"`)[0] ?? ""];
          }),
      );
    },
  };
}

export const resolve = async (values: Values, world: World): Promise<Row> =>
  typeof values === "function" ? values(world) : values;
