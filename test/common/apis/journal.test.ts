import { addToJournal, readJournal, type AnyRow } from "../../../common";
import { parseStamped } from "../../../common/apis/journal/text";
import { failure, stubClient, stubTransport } from "../stub";
import { failureOf, useInstance } from "./support";

const { as, instance } = useInstance();
let incident: AnyRow;
const target = () => ({ table: "incident", record: incident });

beforeAll(async () => {
  const client = as();
  incident = await client.table("incident").create({ short_description: "talked about" });
  await addToJournal(client, target(), {
    comment: "Seen by the caller\nin two lines",
    workNote: "Seen by agents",
  });
  // Entries carry whole seconds: what is to stand in an order may not share one.
  await instance.control("POST", "clock", { advanceSeconds: 2 });
  await addToJournal(as("itil"), target(), { workNote: "Second note" });
}, 120_000);

it("entries come one by one, newest first, with author, kind and time in UTC", async () => {
  const journal = await readJournal(as(), target());
  expect(journal.source).toBe("entries");
  expect(journal.note).toBeUndefined();
  const notes = journal.entries.filter(({ column }) => column === "work_notes");
  expect(notes.map(({ text, author }) => [text, author])).toEqual([
    ["Second note", "itil"],
    ["Seen by agents", "admin"],
  ]);
  const [comment] = (await readJournal(as(), target(), { columns: ["comments"] })).entries;
  expect(comment).toMatchObject({
    text: "Seen by the caller\nin two lines",
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(Math.abs((comment?.createdAt?.getTime() ?? 0) - Date.now())).toBeLessThan(120_000);
  expect((await readJournal(as(), target(), { since: new Date(Date.now() + 3_600_000) })).entries).toEqual(
    [],
  );
});

it("an account that may not read the entries gets the text of the form, taken apart, and is told the right it lacks", async () => {
  const journal = await readJournal(as("reader"), target(), { columns: ["comments"] });
  expect(journal.source).toBe("display-text");
  expect(journal.note).toMatch(/sys_journal_field/);
  expect(journal.entries).toMatchObject([
    {
      id: null,
      column: "comments",
      text: "Seen by the caller\nin two lines",
      author: "System Administrator",
    },
  ]);
  const [exact] = (await readJournal(as(), target(), { columns: ["comments"] })).entries;
  expect(journal.entries[0]?.createdAt).toEqual(exact?.createdAt);
});

it("display times are placed by the account's zone, summer time included", () => {
  const text =
    "2026-07-01 09:30:00 - Ann Lee (Work notes)\nsummer\n\n2026-12-01 09:30:00 - Ann Lee (Work notes)\nwinter\n\n";
  const entries = parseStamped(text, { timeZone: "Europe/Berlin" });
  expect(entries.map(({ createdAt, text: words }) => [createdAt?.toISOString(), words])).toEqual([
    ["2026-07-01T07:30:00.000Z", "summer"],
    ["2026-12-01T08:30:00.000Z", "winter"],
  ]);
  expect(parseStamped(text, {})[0]).toMatchObject({ createdAt: null, stamp: "2026-07-01 09:30:00" });
});

it("stamps in other formats and languages are still taken apart; a dash or brackets in the text do no harm", () => {
  const text = "01.07.2026 09:30:00 - Jürgen (Ext) Groß (Arbeitsnotizen)\nA - B (c)\n- list (item)\n";
  expect(parseStamped(text, { timeZone: "UTC" })).toEqual([
    {
      stamp: "01.07.2026 09:30:00",
      author: "Jürgen (Ext) Groß",
      createdAt: null,
      text: "A - B (c)\n- list (item)",
    },
  ]);
});

it("where both ways are closed the error names the right to ask for", async () => {
  const transport = stubTransport((request) =>
    request.url.includes("sys_journal_field")
      ? { json: { result: [] }, headers: { "x-total-count": "3" } }
      : { json: { result: { sys_id: "a" } } },
  );
  const error = await failureOf(
    readJournal(stubClient(transport).client, { table: "incident", record: "a".repeat(32) }),
  );
  expect(error).toMatchObject({ kind: "acl", fields: ["comments", "work_notes"] });
  expect(error.message).toMatch(/administrator.*sys_journal_field/);
});

it("a record without entries is told from one whose entries are hidden", async () => {
  const fresh = await as().table("incident").create({ short_description: "silent" });
  const journal = await readJournal(as(), { table: "incident", record: fresh });
  expect(journal).toEqual({ entries: [], source: "entries" });
});

it("adding to the journal is never repeated, since a repetition would add it twice", async () => {
  const transport = stubTransport(() => ({ status: 503, json: failure("busy") }));
  await failureOf(
    addToJournal(
      stubClient(transport).client,
      { table: "incident", record: "a".repeat(32) },
      { comment: "once" },
    ),
  );
  expect(transport.requests).toHaveLength(1);
  expect(await failureOf(addToJournal(as(), target(), { comment: "  " }))).toMatchObject({ kind: "usage" });
});
