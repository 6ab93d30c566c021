import { actions } from "../../components/registry";
import type { AnyComponent } from "../../components";
import { REGISTRY_KEYS } from "../../scripts/docs/registry-keys";
import { useInstance, type Row } from "./action-suite";
import { runAction } from "./components";
import type { InstanceOptions } from "./instance";
import { startRecorder, type Recorded } from "./recorder";
import { toRow } from "./present";

const actionOf = (key: string): AnyComponent => {
  const found = actions.find((action) => action.key === `servicenow-${key}`);
  if (!found) throw new Error(`no action ${key}`);
  return found;
};

/** One of the things that `docs/registry.md` says an action does better, and the test that shows it. */
export function mends(key: string, what: string, test: () => Promise<void>): void {
  const entry = REGISTRY_KEYS.find((one) => one.key === key);
  if (!entry?.mended.includes(what)) throw new Error(`${key} does not promise: ${what}`);
  it(`${key}: ${what}`, test);
}

/** An instance whose requests are recorded, and the registry's keys to run against it. */
export function useRegistry(options: InstanceOptions = { incidents: 30 }) {
  const suite = useInstance(options);
  let recorder: Awaited<ReturnType<typeof startRecorder>>;
  beforeAll(async () => {
    recorder = await startRecorder(suite.url());
  });
  afterAll(() => recorder.stop());

  const through = async (as: string, key: string, values: Row) => {
    const user = as === "admin" ? suite.auth() : { ...suite.auth(), ...(await suite.accountOf(as)) };
    recorder.take();
    const run = await runAction(actionOf(key), { ...user, instance_name: recorder.url }, values);
    return { ...run, asked: recorder.take() };
  };
  return {
    ...suite,
    action: actionOf,
    /** Runs an action by key; `asked` is what it asked the instance. */
    step: (key: string, values: Row = {}) => through("admin", key, values),
    stepAs: through,
    /** Requests since the last step, also those of one that failed. */
    asked: (): Recorded[] => recorder.take(),
    record: async (table: string, recordData: Row) =>
      toRow((await runAction(actionOf("create-table-record"), suite.auth(), { table, recordData })).result),
  };
}
