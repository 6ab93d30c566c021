import { readMessage } from "../../host/src/execution/messages";

const save = (event: object): unknown => ({
  type: "save",
  job: 1,
  save: { events: [{ payload: "{}", ...event }] },
});
const eventOf = (message: unknown): Record<string, unknown> | undefined => {
  const read = readMessage(message);
  return read?.type === "save" ? { ...read.save.events[0] } : undefined;
};

test("a time that no date can have is none, and the event gets its own", () => {
  for (const ts of [1e20, -1e20, 2 ** 53 + 2, 8.64e15 + 1, 0.5, NaN, Infinity, "1", null, {}])
    expect({ ts, event: eventOf(save({ ts, deliverAt: ts })) }).toEqual({ ts, event: { payload: "{}" } });
  for (const ts of [0, -1, 1_700_000_000_000, 8.64e15])
    expect(eventOf(save({ ts }))).toEqual({ payload: "{}", ts });
});

test("what is no message of a component's process is none, whatever it looks like", () => {
  for (const message of [
    null,
    undefined,
    0,
    "ready",
    [],
    {},
    { type: "nothing" },
    { type: "__proto__" },
    { type: "save", job: "1", save: { events: [] } },
    { type: "save", job: 1, save: { events: "all" } },
    { type: "save", job: 1, save: { events: [null] } },
    { type: "save", job: 1, save: { events: [] }, more: 1 },
    save({ payload: 1 }),
    save({ extra: 1 }),
    save({ channel: "c".repeat(2001) }),
    { type: "done", job: 1.5, dirty: false },
    { type: "dial", id: 1, host: "h", port: 65_536 },
    { type: "dial", id: 1, host: "h".repeat(1001), port: 1 },
    { type: "respond", job: 1, reply: { status: 99, headers: {}, body: "", encoding: "utf8" } },
    { type: "respond", job: 1, reply: { status: 200, headers: { a: 1 }, body: "", encoding: "utf8" } },
  ])
    expect({ message, read: readMessage(message) }).toEqual({ message, read: undefined });
  expect(readMessage({ type: "ready" })).toEqual({ type: "ready" });
});
