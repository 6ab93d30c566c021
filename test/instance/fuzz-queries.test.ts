import { buildInstance, type BuiltInstance } from "../../instance/src/build";
import fc from "fast-check";
import { compileFor, listRecords } from "../../instance/src/records/list";
import { query } from "./fuzz-inputs";
import type { Session } from "../../instance/src/core/session";
import { present } from "../helpers/present";

let built: BuiltInstance;
beforeAll(() => {
  built = buildInstance({ seed: "demo", incidents: 20, users: 25, groups: 3 });
});
afterAll(() => built.close());

const session = (): Session => ({ user: present(built.instance.users.byName("itil")) });

describe("the query grammar", () => {
  test("30,000 queries compile and run", () => {
    const tables = ["incident", "task", "sys_user", "cmdb_ci", "problem"].map((name) =>
      present(built.instance.dictionary.get(name)),
    );
    fc.assert(
      fc.property(query, fc.constantFrom(...tables), (text, table) => {
        const compiled = compileFor(built.instance, session(), table, text);
        expect(compiled.groups).not.toEqual([]);
        listRecords(built.instance, session(), table, {
          query: text,
          limit: 3,
          offset: 0,
          columns: ["sys_id"],
          count: false,
        });
      }),
      { numRuns: 30_000 },
    );
  }, 240_000);

  test("as many terms as a URL can hold, and more", () => {
    const table = present(built.instance.dictionary.get("incident"));
    for (const text of [
      "state=1^".repeat(5000),
      "state=1^OR".repeat(5000),
      "state=1^NQ".repeat(3000),
      "caller_id.manager.name=x^".repeat(900),
      "ORDERBYstate^".repeat(900),
    ])
      expect(() =>
        listRecords(built.instance, session(), table, {
          query: text,
          limit: 1,
          offset: 0,
          columns: ["sys_id"],
          count: true,
        }),
      ).not.toThrow();
  });
});
