import type { AnyComponent } from "../../components";
import { account, runAction, type Account, type ActionRun } from "./components";
import { startInstance, type InstanceOptions, type RunningInstance } from "./instance";

export type Row = Record<string, unknown>;

/** An instance for the tests of a file, and what they do with it. */
export function useInstance(options: InstanceOptions = { incidents: 30 }) {
  let instance: RunningInstance;
  let auth: Account;
  beforeAll(async () => {
    instance = await startInstance(options);
    auth = await account(instance.url);
  });
  afterAll(() => instance.stop());

  /** Asks the instance itself, past everything that is tested. */
  const ask = (path: string) =>
    fetch(`${instance.url}${path}`, { headers: { authorization: `Bearer ${auth.oauth_access_token}` } });

  return {
    url: () => instance.url,
    auth: () => auth,
    run: (action: AnyComponent, values: Row = {}): Promise<ActionRun> => runAction(action, auth, values),
    runAs: async (user: string, action: AnyComponent, values: Row = {}): Promise<ActionRun> =>
      runAction(action, await account(instance.url, user, user), values),
    accountOf: (user: string): Promise<Account> => account(instance.url, user, user),
    /** What goes wrong from now on; nothing with an empty list. */
    faults: (faults: Row[]) => instance.control("PUT", "faults", { faults, seed: 1 }),
    /** Sets switches of the instance. */
    configure: (settings: Row) => instance.control("PATCH", "config", settings),
    /** How many records a query matches. */
    total: async (table: string, query = ""): Promise<number> => {
      const response = await ask(
        `/api/now/table/${table}?sysparm_limit=1&sysparm_query=${encodeURIComponent(query)}`,
      );
      return Number(response.headers.get("x-total-count"));
    },
    /** A record as stored. */
    read: async (table: string, id: string): Promise<Record<string, string>> => {
      const response = await ask(`/api/now/table/${table}/${id}?sysparm_exclude_reference_link=true`);
      return ((await response.json()) as { result: Record<string, string> }).result;
    },
    /** Records of a query as stored. */
    rows: async (table: string, query = "", limit = 10): Promise<Record<string, string>[]> => {
      const response = await ask(
        `/api/now/table/${table}?sysparm_exclude_reference_link=true&sysparm_limit=${limit}&sysparm_query=${encodeURIComponent(query)}`,
      );
      return ((await response.json()) as { result: Record<string, string>[] }).result;
    },
  };
}
