import newCommentOrWorkNote from "../../sources/new-comment-or-work-note/new-comment-or-work-note";
import { formerKey } from "../../sources/common/journal";
import { shortHash } from "../../common/change-feed";
import { useInstance } from "./platform";

/** New Comment or Work Note for accounts that may not read the journal. */
const { writer, later, onPlatform } = useInstance({
  incidents: 20,
  config: { acls: [{ table: "sys_journal_field", operation: "read", roles: ["admin"] }] },
});

/** As the account sees a time. */
const inNewYork = (ms: number) => new Date(ms).toLocaleString("sv-SE", { timeZone: "America/New_York" });

async function commented(comment: string) {
  const source = await onPlatform(newCommentOrWorkNote, { table: "incident", kind: "comments" }, "newyork");
  const record = await writer.create("incident", { short_description: "As text" });
  await source.deploy();
  await later(5);
  const add = (comments: string) => writer.update("incident", record.sys_id, { comments });
  await add(comment);
  const poll = async () => (await source.poll()).map(({ data }) => data.text);
  return { source, record, add, poll };
}

test("an account that moves to another time zone sees no comment again", async () => {
  const { add, poll } = await commented("Before the move");
  expect(await poll()).toEqual(["Before the move"]);
  const user = await writer.idOf("sys_user", "newyork", "user_name");
  const move = (time_zone: string) => writer.update("sys_user", user, { time_zone });
  await move("Asia/Tokyo");
  await add("After the move");
  expect(await poll()).toEqual(["After the move"]);
  await move("America/New_York");
});

test("two equal comments in one second are two events, and a third one later is another", async () => {
  const { add, poll } = await commented("Same here");
  await add("Same here");
  expect(await poll()).toEqual(["Same here", "Same here"]);
  await later(60);
  await add("Same here");
  expect(await poll()).toEqual(["Same here"]);
  expect(await poll()).toEqual([]);
});

test("a comment that quotes the head of an older one is not cut there", async () => {
  const first = "See:\n2020-01-21 10:59:59 - Abel Tuter (Additional comments)\nIt broke";
  const { add, poll, record } = await commented(first);
  expect(await poll()).toEqual([first]);
  await later(60);
  const [row] = await writer.rows("incident", `sys_id=${record.sys_id}`, ["sys_created_on"]);
  // Between the creation and the first comment: older than the entry that follows it.
  const quoted = inNewYork(Date.parse(`${row?.sys_created_on}Z`) + 2_000);
  const second = `Again:\n${quoted} - Abel Tuter (Additional comments)\nStill broken`;
  await add(second);
  expect(await poll()).toEqual([second]);
  expect(await poll()).toEqual([]);
});

test("the comments that an earlier version has emitted do not come again", async () => {
  const { source, record, poll } = await commented("Known");
  const [event] = await source.poll();
  expect(event?.data.text).toBe("Known");
  const state = JSON.parse(source.db.get("state") ?? "") as { x: { k: string } };
  const shown = inNewYork(event?.ts ?? 0);
  const entry = {
    stamp: shown,
    time: undefined,
    text: "Known",
    author: String(event?.data.author),
    count: 0,
  };
  const former = formerKey(String(record.sys_id), "comments", entry);
  expect(state.x.k).toHaveLength(8);
  source.db.set("state", JSON.stringify({ ...state, x: { ...state.x, k: shortHash(former) } }));
  await later(5);
  await writer.update("incident", record.sys_id, { urgency: "1" });
  expect(await poll()).toEqual([]);
});
