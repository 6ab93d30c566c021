import { useRegistry } from "../../helpers/registry-suite";

const { step, total } = useRegistry({ incidents: 5 });

describe("a date that does not exist", () => {
  it.each([
    "2026-02-30",
    "2026-02-30 10:00",
    "2026-04-31T10:00:00Z",
    "2026-02-29T10:00:00+02:00",
    "2026-13-01",
  ])("%s is refused, and not moved to another day", async (date) => {
    await expect(step("get-table-records", { table: "incident", filterCreatedAtDate: date })).rejects.toThrow(
      /Created Since is not a date that exists/,
    );
    const before = await total("change_request");
    await expect(
      step("create-normal-change", { shortDescription: "Patch", startDate: date }),
    ).rejects.toThrow(/Planned Start is not a date that exists/);
    expect(await total("change_request")).toBe(before);
  });

  it("exists on a leap day and across zones", async () => {
    const values = { table: "incident", filterCreatedAtDate: "2024-02-29T23:30:00-05:00" };
    const { asked } = await step("get-table-records", values);
    expect(asked.some(({ params }) => params.sysparm_query?.includes("2024-03-01 04:30:00"))).toBe(true);
  });
});

describe("a change that ends before it begins", () => {
  it("is refused, and nothing is written", async () => {
    const before = await total("change_request");
    await expect(
      step("create-normal-change", {
        shortDescription: "Patch",
        startDate: "2026-12-02 10:00",
        endDate: "2026-12-01 10:00",
      }),
    ).rejects.toThrow(/Planned End is before Planned Start/);
    expect(await total("change_request")).toBe(before);
  });
});
