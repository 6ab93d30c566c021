import newCountThreshold from "../../sources/new-count-threshold/new-count-threshold";
import { useInstance } from "./platform";

const { writer, onPlatform } = useInstance({ incidents: 5 });

test("New Count Threshold emits a crossing once and swings within its hysteresis in silence", async () => {
  const query = "short_descriptionSTARTSWITHthreshold";
  const source = await onPlatform(newCountThreshold, {
    table: "incident",
    query,
    threshold: 2,
    hysteresis: 1,
    direction: "both",
  });
  const ids: (string | undefined)[] = [];
  const make = async () =>
    ids.push((await writer.create("incident", { short_description: "threshold" })).sys_id);
  const drop = async () => writer.remove("incident", ids.pop());
  for (let n = 0; n < 2; n++) await make();
  await source.deploy();
  expect(await source.poll()).toEqual([]);
  await make();
  expect((await source.poll()).map(({ data }) => [data.direction, data.value])).toEqual([["above", 3]]);
  expect(await source.poll()).toEqual([]);
  await drop();
  expect(await source.poll()).toEqual([]);
  await drop();
  expect((await source.poll()).map(({ data }) => [data.direction, data.value])).toEqual([["below", 1]]);
});

test("New Count Threshold gives each crossing an id of its own, also after another threshold was set", async () => {
  const query = "short_descriptionSTARTSWITHids of crossings";
  const source = await onPlatform(newCountThreshold, { table: "incident", query, threshold: 1 });
  const ids: (string | undefined)[] = [];
  const set = async (count: number) => {
    while (ids.length > count) await writer.remove("incident", ids.pop());
    while (ids.length < count)
      ids.push((await writer.create("incident", { short_description: "ids of crossings" })).sys_id);
  };
  await source.deploy();
  for (const threshold of [1, 3, 1]) {
    source.values.threshold = threshold;
    await set(threshold);
    await source.hook("activate");
    await set(threshold + 1);
    expect(await source.poll()).toHaveLength(1);
  }
  expect(new Set(source.events.map(({ id }) => id)).size).toBe(3);
});

test("New Count Threshold does not take a number for fallen when no record has one", async () => {
  const query = "short_descriptionSTARTSWITHnothing left";
  const source = await onPlatform(newCountThreshold, {
    table: "incident",
    query,
    threshold: 2,
    measure: "avg",
    measuredField: "reassignment_count",
    direction: "both",
  });
  await source.deploy();
  expect(source.logs.join()).toContain("No record has a value");
  const make = (reassignment_count: string) =>
    writer.create("incident", { short_description: "nothing left", reassignment_count });
  const a = await make("5");
  const values = async () => (await source.poll()).map(({ data }) => [data.direction, data.value]);
  expect(await values()).toEqual([["above", 5]]);
  await writer.remove("incident", a.sys_id);
  expect(await values()).toEqual([]);
  await make("1");
  expect(await values()).toEqual([["below", 1]]);
});
