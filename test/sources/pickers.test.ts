import type { AnyComponent } from "../../components";
import newChangeRequest from "../../sources/new-change-request/new-change-request";
import newConfigurationItem from "../../sources/new-configuration-item/new-configuration-item";
import newIncident from "../../sources/new-incident/new-incident";
import { useInstance } from "./platform";

const { writer, onPlatform } = useInstance();

describe("pickers", () => {
  const options = async (source: AnyComponent, prop: string, request: Record<string, unknown> = {}) =>
    (await onPlatform(source)).options(prop, request);

  test("people come in pages of 50 that share nobody, and are found by a part of the name", async () => {
    const pages = [];
    for (const page of [0, 1])
      pages.push(await options(newIncident, "assignedTo", { page, prevContext: {} }));
    expect(pages[0]).toHaveLength(50);
    expect(pages[1]?.[0]).toMatchObject({ label: expect.any(String), value: expect.any(String) });
    const values = pages.flat().map(({ value }) => value);
    expect(new Set(values).size).toBe(values.length);
    const found = await options(newIncident, "assignedTo", { query: "nglin" });
    expect(found).toEqual([
      { label: "Beth Anglin (beth.anglin)", value: await writer.idOf("sys_user", "Beth Anglin") },
    ]);
    expect(await options(newIncident, "assignedTo", { query: "nobody has this name" })).toEqual([]);
  });

  test("values of a column come all at once, as the instance has them", async () => {
    const types = await options(newChangeRequest, "changeType");
    expect(types).toEqual(expect.arrayContaining([{ label: "Emergency", value: "emergency" }]));
    expect(await options(newChangeRequest, "changeType", { page: 1 })).toEqual([]);
  });

  test("classes come in pages and are found by label or name", async () => {
    const [first, second] = [
      await options(newConfigurationItem, "ciClass"),
      await options(newConfigurationItem, "ciClass", { page: 1 }),
    ];
    expect(first).toHaveLength(50);
    const names = new Set(first.map(({ value }) => value));
    expect(second.filter(({ value }) => names.has(value))).toEqual([]);
    const found = await options(newConfigurationItem, "ciClass", { query: "linux" });
    expect(found.map(({ value }) => value)).toContain("cmdb_ci_linux_server");
  });

  test("a picked value filters as it is", async () => {
    const [group] = await options(newIncident, "assignmentGroup", { query: "Network" });
    const source = await onPlatform(newIncident, { assignmentGroup: [group?.value] });
    await source.deploy();
    await writer.create("incident", { short_description: "No group" });
    const hit = await writer.create("incident", {
      short_description: "Its group",
      assignment_group: group?.value,
    });
    expect((await source.poll()).map(({ id }) => id)).toEqual([hit.sys_id]);
  });
});
