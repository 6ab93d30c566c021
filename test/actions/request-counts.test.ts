import createIncident from "../../actions/create-incident/create-incident";
import createTableRecord from "../../actions/create-table-record/create-table-record";
import type { AnyComponent } from "../../components";
import { useInstance, type Row } from "../helpers/action-suite";
import { runAction } from "../helpers/components";
import { startRecorder } from "../helpers/recorder";

/** How many requests a creation costs: the values are held against the dictionary, the choices and the records they refer to in few reads. */
const { url, auth, rows, configure } = useInstance();
let recorder: Awaited<ReturnType<typeof startRecorder>>;
beforeAll(async () => {
  recorder = await startRecorder(url());
});
afterAll(() => recorder.stop());

async function requests(action: AnyComponent, values: Row, account = auth()): Promise<string[]> {
  recorder.take();
  await runAction(action, { ...account, instance_name: recorder.url }, values);
  return recorder
    .take()
    .map(({ method, path }) => `${method} ${path.replace(/^\/api\/now\/(v1\/|v2\/)?/, "")}`);
}

const BATCH = "POST batch";
const CREATION = "POST table/incident";
const recordData = (values: Row) => ({ table: "incident", recordData: values });

test.each<[string, Row]>([
  ["plain texts", { short_description: "Plain", description: "Text" }],
  [
    "choices by value and label",
    { short_description: "Choices", urgency: "1 - High", impact: "2", category: "software" },
  ],
  [
    "dates and switches",
    { short_description: "Dates", opened_at: "2026-07-30T14:05:00+02:00", active: true },
  ],
])("a creation from JSON with %s is one request more than the creation itself", async (_, values) => {
  expect(await requests(createTableRecord, recordData(values))).toEqual([BATCH, CREATION]);
});

test("references of several tables are looked up together", async () => {
  const [user] = await rows("sys_user", "user_name=employee");
  const values = {
    short_description: "References",
    caller_id: "beth.anglin@example.com",
    assigned_to: "admin",
    opened_by: user?.sys_id,
    assignment_group: "Service Desk",
    watch_list: ["admin", "employee"],
  };
  expect(await requests(createTableRecord, recordData(values))).toEqual([BATCH, BATCH, CREATION]);
});

test("one reference is one read", async () => {
  const values = { short_description: "One", assigned_to: "admin" };
  expect(await requests(createTableRecord, recordData(values))).toEqual([
    BATCH,
    "GET table/sys_user",
    CREATION,
  ]);
});

test("a typed creation with other fields costs one request for them", async () => {
  const props = { shortDescription: "Typed", otherFields: { description: "Text", contact_type: "phone" } };
  expect(await requests(createIncident, props)).toEqual([BATCH, CREATION]);
  expect(await requests(createIncident, { shortDescription: "Typed" })).toEqual([CREATION]);
});

test("a table whose base is not among the usual ones is asked for again", async () => {
  const values = { table: "sys_user_group", recordData: { name: "Counted group", description: "Text" } };
  expect(await requests(createTableRecord, values)).toEqual([BATCH, "POST table/sys_user_group"]);
  const server = { table: "cmdb_ci_linux_server", recordData: { name: "counted-1", os: "Linux" } };
  expect(await requests(createTableRecord, server)).toEqual([
    BATCH,
    BATCH,
    "POST table/cmdb_ci_linux_server",
  ]);
});

test("where batches are closed, or the dictionary is, the same values are refused all the same", async () => {
  await configure({ acls: [{ table: "sys_dictionary", operation: "read", roles: ["nobody"] }] });
  try {
    for (const [values, message] of [
      [{ short_descriptio: "x" }, /no column "short_descriptio"/],
      [{ short_description: "x", priority: "abc" }, /the instance has no choice "abc"|holds a number/],
    ] as const)
      await expect(
        runAction(createTableRecord, auth(), { table: "incident", recordData: values }),
      ).rejects.toThrow(message);
  } finally {
    await configure({ acls: [] });
  }
});
