import { readFileSync, rmSync } from "node:fs";
import newAttachment from "../../sources/new-attachment/new-attachment";
import { useInstance } from "./platform";

const { writer, control, onPlatform } = useInstance({ incidents: 5 });

test("New Attachment tells of a file and saves it", async () => {
  const source = await onPlatform(newAttachment, { recordTable: "incident", download: true });
  const a = await writer.create("incident", { short_description: "Files" });
  await source.deploy();
  await writer.attach(a.sys_id, "notes.txt", Buffer.from("hello"));
  const [event] = await source.poll();
  expect(event?.data).toMatchObject({ file_name: "notes.txt", table_sys_id: a.sys_id });
  const path = String(event?.data.file_path);
  expect(readFileSync(path, "utf8")).toBe("hello");
  rmSync(path);
});

test("New Attachment tells of a file that cannot be fetched, and goes on with the others", async () => {
  const source = await onPlatform(newAttachment, { recordTable: "incident", download: true });
  const a = await writer.create("incident", { short_description: "Closed files" });
  await source.deploy();
  const [closed, gone] = [
    await writer.attach(a.sys_id, "closed.txt", Buffer.from("closed")),
    await writer.attach(a.sys_id, "gone.txt", Buffer.from("gone")),
  ];
  await writer.attach(a.sys_id, "open.txt", Buffer.from("open"));
  const refused = (id: string | undefined, status: number) => ({
    match: { path: `/attachment/${id}/file` },
    status,
  });
  await control("PUT", "faults", { faults: [refused(closed.sys_id, 403), refused(gone.sys_id, 404)] });
  try {
    const events = await source.poll();
    const paths = new Map(events.map(({ data }) => [data.file_name, data.file_path]));
    expect([paths.get("closed.txt"), paths.get("gone.txt")]).toEqual([null, null]);
    expect(events.find(({ data }) => data.file_name === "gone.txt")?.data.file_skipped).toMatch(/404|not/);
    const path = String(paths.get("open.txt"));
    expect(readFileSync(path, "utf8")).toBe("open");
    rmSync(path);
    expect(await source.poll()).toEqual([]);
  } finally {
    await control("PUT", "faults", { faults: [] });
  }
});

test("New Attachment keeps a file for the next poll where a later try may succeed", async () => {
  const source = await onPlatform(newAttachment, { query: "file_name=busy.txt", download: true });
  const a = await writer.create("incident", { short_description: "Busy" });
  await source.deploy();
  const file = await writer.attach(a.sys_id, "busy.txt", Buffer.from("busy"));
  await control("PUT", "faults", {
    faults: [{ match: { path: `/attachment/${file.sys_id}/file` }, status: 401 }],
  });
  try {
    await expect(source.poll()).rejects.toMatchObject({ kind: "unauthenticated" });
  } finally {
    await control("PUT", "faults", { faults: [] });
  }
  const [event] = await source.poll();
  rmSync(String(event?.data.file_path));
});
