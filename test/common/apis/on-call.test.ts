import { onCall } from "../../../common";
import { failureOf, useInstance } from "./support";
import { present } from "../../helpers/present";

const { as } = useInstance();

const idOf = async (table: string, query: string) =>
  present(
    await as()
      .table(table)
      .first({ query, fields: ["sys_id"] }),
  ).sys_id;

it("names who is called for a group at a moment, in the order of the escalation, and hands over on time", async () => {
  const group = await idOf("sys_user_group", "name=Network");
  const people = async (at: string) => {
    const called = await onCall(as()).now(group, { at });
    return called.map(({ user, order }) => [order, user]);
  };
  const [itil, beth, david] = await Promise.all(
    ["itil", "beth.anglin", "david.loo"].map((name) => idOf("sys_user", `user_name=${name}`)),
  );
  const first = [1, 2, 3].map((order, at) => [order, [itil, beth, david][at]]);
  const second = [1, 2, 3].map((order, at) => [order, [beth, david, itil][at]]);
  expect(await people("2024-01-01 08:00:00")).toEqual(first);
  expect(await people("2024-01-08 07:59:59")).toEqual(first);
  expect(await people("2024-01-08 08:00:00")).toEqual(second);
  expect(await people("2024-01-22 08:00:00")).toEqual(first);
});

it("gives the hours of one person, cut where the turn goes to the next", async () => {
  const david = await idOf("sys_user", "user_name=david.loo");
  const hours = await onCall(as()).hours({ from: "2024-01-14", to: "2024-01-24", users: [david] });
  expect(hours[0]).toMatchObject({
    user: david,
    start: "2024-01-15 08:00:00",
    label: "Network Support - Primary",
  });
  expect(hours.at(-1)).toMatchObject({ user: david, end: "2024-01-22 08:00:00" });
  expect(hours.every(({ start, end }, at) => start === (hours[at - 1]?.end ?? start) && end > start)).toBe(
    true,
  );
});

it("calls nobody outside the hours of a shift, for a group without shifts, and after a member has left", async () => {
  const client = as();
  const create = async (table: string, values: Record<string, string>) =>
    present((await client.table(table).create(values)).sys_id);
  const group = await create("sys_user_group", { name: "Night Watch" });
  expect(await onCall(client).now(group)).toEqual([]);
  const schedule = await create("cmn_schedule", { name: "Office hours", time_zone: "Europe/Berlin" });
  await create("cmn_schedule_span", {
    name: "Office hours",
    schedule,
    start_date_time: "20260105T080000",
    end_date_time: "20260105T170000",
    repeat_type: "weekdays",
  });
  const rota = await create("cmn_rota", { name: "Day", group, schedule });
  const roster = await create("cmn_rota_roster", { name: "First", rota });
  const member = await idOf("sys_user", "user_name=itil");
  await create("cmn_rota_member", { member, roster, order: "1", to: "2026-06-30" });
  const counts = async (at: string) => (await onCall(client).now(group, { at })).length;
  expect(await counts("2026-01-06 07:00:00")).toBe(1);
  expect(await counts("2026-01-06 06:59:59")).toBe(0);
  expect(await counts("2026-01-10 10:00:00")).toBe(0);
  expect(await counts("2026-07-01 10:00:00")).toBe(0);
});

it("is refused to who may not read shifts, and for a time that is none", async () => {
  expect(await failureOf(onCall(as("employee")).now("a".repeat(32)))).toMatchObject({ status: 403 });
  expect(await failureOf(onCall(as()).now("a".repeat(32), { at: "soon" }))).toMatchObject({ status: 400 });
});
