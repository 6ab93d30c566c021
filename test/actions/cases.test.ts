import { rm } from "node:fs/promises";
import { actions } from "../../components/registry";
import { REGISTRY_KEYS } from "../../scripts/docs/registry-keys";
import { resolve, useWorld } from "../helpers/action-cases";
import { CASE_FILES, CASES } from "./cases/all";
import { present } from "../helpers/present";

const world = useWorld();
afterAll(() => Promise.all(CASE_FILES.map((path) => rm(path, { force: true }))));
const FROM_REGISTRY = new Set(REGISTRY_KEYS.map(({ key }) => `servicenow-${key}`));

describe.each(CASES.map((one) => [one.action.key.replace("servicenow-", ""), one] as const))(
  "%s",
  (_key, one) => {
    const { action, works, says, fails, reports, then } = one;
    const { readOnlyHint, idempotentHint } = action.annotations ?? {};

    if (works)
      it(readOnlyHint ? "works, and writes nothing" : "works, and writes", async () => {
        const values = await resolve(works, world);
        const before = world.footprint();
        const { result, summary } = await world.run(action, values);
        expect(summary).toMatch(says ?? "");
        const after = world.footprint();
        if (readOnlyHint) expect(after).toEqual(before);
        else expect(after).not.toEqual(before);
        // What lists or searches returns a bare list.
        if (/^servicenow-(list|search|find-(users|groups))/.test(action.key))
          expect(result).toEqual(expect.any(Array));
        // Small results unless more is asked for; the registry's keys give the rows that they always gave.
        const rows = (Array.isArray(result) ? result : [result]).filter((row) => typeof row === "object");
        if (!FROM_REGISTRY.has(action.key))
          for (const row of rows as object[]) expect(Object.keys(row ?? {}).length).toBeLessThanOrEqual(20);
        await then?.(world, result);
        if (readOnlyHint || !idempotentHint) return;
        // Whether it is refused or repeated: the second time leaves everything as it was after the first.
        await world.run(action, values).catch(() => undefined);
        expect(world.footprint()).toEqual(after);
      });

    it.each(fails.map((fail, place) => [String(fail[1]), place] as const))(
      "fails with %s, and nothing is written",
      async (_message, place) => {
        const [given, message, as = "admin"] = fails[place] ?? present(fails[0]);
        const values = await resolve(given, world);
        const before = world.footprint();
        const attempt = world.runWith(as, action, values);
        if (reports) expect(JSON.stringify(await attempt)).toMatch(message);
        else await expect(attempt).rejects.toThrow(message);
        expect(world.footprint()).toEqual(before);
      },
    );
  },
);

describe("the cases", () => {
  it("are of every action, each with two mistakes at the least", () => {
    const known = new Map(CASES.map((one) => [one.action.key, one]));
    expect(actions.map(({ key }) => key).filter((key) => !known.has(key))).toEqual([]);
    expect(CASES.filter(({ fails }) => fails.length < 2).map(({ action }) => action.key)).toEqual([]);
    expect(known.size).toBe(CASES.length);
  });
});
