import { FieldChanges } from "../../sources/common/field-change";
import { makeFilter } from "../../sources/common/filter";
import { Matching } from "../../sources/common/matching";
import { idOf, InMemorySource, Tables } from "./in-memory";

/** Records that were hidden all along, and history that is still to come when a source is activated again. */

test("records that were hidden before the start say nothing of those that are missing later", async () => {
  const tables = new Tables();
  const source = new InMemorySource(tables);
  const of = () => new Matching(source, "incident", makeFilter("state=1"));
  const put = (name: string, state = "1") => tables.put("incident", name, 100, { state });
  for (const name of ["a", "b", "secret 1", "secret 2", "secret 3"]) put(name);
  tables.hidden = ({ number = "" }) => number.startsWith("secret");
  await source.during(() => of().deploy());
  // As many are hidden as before, so the one that is missing has left.
  put("a", "2");
  expect(await source.during(() => of().run())).toEqual([]);
  put("a");
  expect((await source.during(() => of().run())).map(({ data }) => data.number)).toEqual(["a"]);
  // One more is hidden, so the one that is missing is likely that.
  tables.hidden = ({ number = "" }) => number.startsWith("secret") || number === "b";
  expect(await source.during(() => of().run())).toEqual([]);
  tables.hidden = ({ number = "" }) => number.startsWith("secret");
  expect(await source.during(() => of().run())).toEqual([]);
});

test("changes of the past still come after the source was activated again with the same settings", async () => {
  const tables = new Tables();
  const source = Object.assign(new InMemorySource(tables), { startFrom: "everything" });
  const of = (columns: string[]) =>
    new FieldChanges(source, { table: "incident", columns, filter: makeFilter(""), format: "false" });
  const audit = (name: string, seconds: number, fieldname: string) =>
    tables.put("sys_audit", name, seconds, {
      tablename: "incident",
      documentkey: idOf("a"),
      fieldname,
      oldvalue: "",
      newvalue: name,
      user: "ann",
    });
  tables.put("incident", "a", 10, { state: "2", urgency: "1" });
  for (const n of [1, 2, 3]) audit(`old ${n}`, n * 100, "state");
  await source.during(() => of(["state"]).deploy());
  await source.during(() => of(["state"]).activate());
  const told = async (columns: string[]) => {
    tables.now += 120_000;
    return (await source.during(() => of(columns).run())).map(({ data }) => data.new_value);
  };
  expect(await told(["state"])).toEqual(["old 1", "old 2", "old 3"]);
  expect(await told(["state"])).toEqual([]);
});
