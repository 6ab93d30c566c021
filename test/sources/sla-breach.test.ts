import newSlaBreach from "../../sources/new-sla-breach/new-sla-breach";
import { useInstance } from "./platform";

const { writer, control, later, onPlatform } = useInstance({ incidents: 5 });

test("New SLA Breach warns before an agreement ends, once, and tells of the breach", async () => {
  const now = Number((await control("GET", "state")).milliseconds);
  const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const task = await writer.create("incident", { short_description: "SLA" });
  const breach = await onPlatform(newSlaBreach, {});
  await breach.deploy();
  const sla = await writer.create("task_sla", {
    task: task.sys_id,
    stage: "in_progress",
    active: "true",
    has_breached: "false",
    planned_end_time: stamp(now + 20 * 60_000),
  });
  const warning = await onPlatform(newSlaBreach, { warnMinutes: 30 });
  expect((await warning.deploy()).map(({ data }) => [data.sys_id, data.breached])).toEqual([
    [sla.sys_id, false],
  ]);
  expect(await warning.poll()).toEqual([]);
  expect(await breach.poll()).toEqual([]);
  await writer.update("task_sla", sla.sys_id, { has_breached: "true", stage: "breached" });
  expect((await breach.poll()).map(({ data }) => [data.sys_id, data.breached])).toEqual([[sla.sys_id, true]]);
  await writer.update("task_sla", sla.sys_id, { percentage: "110" });
  expect(await breach.poll()).toEqual([]);
});

describe("New SLA Breach that warns before", () => {
  const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const now = async () => Number((await control("GET", "state")).milliseconds);
  let task: Record<string, string>;
  beforeAll(async () => {
    await later(86_400);
    await writer.signIn();
    task = await writer.create("incident", { short_description: "Agreements" });
  });
  const agreement = async (minutes: number, values: Record<string, string> = {}) =>
    writer.create("task_sla", {
      task: task.sys_id,
      stage: "in_progress",
      active: "true",
      has_breached: "false",
      planned_end_time: stamp((await now()) + minutes * 60_000),
      ...values,
    });

  test("leaves out what is paused, and tells what ended since the poll before", async () => {
    const source = await onPlatform(newSlaBreach, { warnMinutes: 10, query: `task=${task.sys_id}` });
    await agreement(5, { stage: "paused" });
    expect(await source.deploy()).toEqual([]);
    const soon = await agreement(20);
    await later(25 * 60);
    expect((await source.poll()).map(({ data }) => [data.sys_id, data.breached, data.minutes_left])).toEqual([
      [soon.sys_id, true, 0],
    ]);
    expect(await source.poll()).toEqual([]);
  });

  test("emits at most 25 when it is deployed and the others with the next poll", async () => {
    for (let at = 0; at < 30; at++) await agreement(30 + at);
    const source = await onPlatform(newSlaBreach, { warnMinutes: 90, query: `task=${task.sys_id}` });
    expect(await source.deploy()).toHaveLength(25);
    expect(await source.poll()).toHaveLength(5);
    expect(await source.poll()).toEqual([]);
  });

  test.each([-5, "soon", 1.5])("refuses %p minutes", async (warnMinutes) => {
    const source = await onPlatform(newSlaBreach, { warnMinutes });
    await expect(source.deploy()).rejects.toThrow(/Warn Before must be a whole number from 1 to 10080/);
  });
});
