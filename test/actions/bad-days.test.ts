import addComment from "../../actions/add-comment/add-comment";
import bulkCreate from "../../actions/bulk-create-records/bulk-create-records";
import createIncident from "../../actions/create-incident/create-incident";
import listNotes from "../../actions/list-notes/list-notes";
import listRecords from "../../actions/list-records/list-records";
import listTables from "../../actions/list-tables/list-tables";
import orderCatalogItem from "../../actions/order-catalog-item/order-catalog-item";
import { useInstance } from "../helpers/action-suite";
import { toRow, toRows } from "../helpers/present";

const { run, runAs, total, faults } = useInstance();
afterEach(() => faults([]));

describe("an answer that is lost after the work was done", () => {
  it("does not double an incident with a correlation id", async () => {
    await faults([{ match: { method: "POST", table: "incident" }, reset: "after", count: 1 }]);
    const { result } = await run(createIncident, { shortDescription: "Lost", correlationId: "lost-1" });
    expect(result).toMatchObject({ short_description: "Lost" });
    expect(await total("incident", "correlation_id=lost-1")).toBe(1);
  });

  it("ends the step without one, instead of creating a second incident", async () => {
    await faults([{ match: { method: "POST", table: "incident" }, reset: "after", count: 1 }]);
    await expect(run(createIncident, { shortDescription: "Lost for good" })).rejects.toThrow(
      /may have been carried out/,
    );
    expect(await total("incident", "short_description=Lost for good")).toBe(1);
  });

  it("does not add a comment twice", async () => {
    const { result } = await run(createIncident, { shortDescription: "Commented" });
    const task = toRow(result).number;
    await faults([{ match: { method: "PATCH", table: "incident" }, reset: "after", count: 1 }]);
    await expect(run(addComment, { task, comment: "Once only" })).rejects.toThrow(
      /may have been carried out/,
    );
    expect((await run(listNotes, { task })).result).toHaveLength(1);
  });

  it("does not order an item twice", async () => {
    const before = await total("sc_request");
    await faults([{ match: { method: "POST", path: "order_now" }, reset: "after", count: 1 }]);
    await expect(run(orderCatalogItem, { sysId: "Apple iPad 3" })).rejects.toThrow(
      /may have been carried out/,
    );
    expect(await total("sc_request")).toBe(before + 1);
  });
});

describe("a busy or hardened instance", () => {
  it("is no reason to say that tables cannot be read", async () => {
    await faults([
      {
        match: { path: "/api/now/table/(?!sys_db_object)" },
        status: 400,
        body: '{"error":{"message":"Invalid table x"},"status":"failure"}',
      },
    ]);
    expect((await run(listTables, { limit: 3, query: "nameSTARTSWITHincident" })).result).toEqual([]);
    await faults([{ match: { path: "/api/now/table/(?!sys_db_object)" }, status: 500 }]);
    await expect(run(listTables, { limit: 3, query: "nameSTARTSWITHincident" })).rejects.toThrow(/500/);
  });

  it("tells rows that are hidden from the account apart from an empty table", async () => {
    const { result, summary } = await runAs("norole", listRecords, { table: "incident" });
    expect(result).toEqual([]);
    expect(summary).toMatch(/more match that the account may not read$/);
  });

  it("reports each failure of a bulk step and goes on with the others", async () => {
    const { result, summary } = await run(bulkCreate, {
      table: "incident",
      // The instance refuses to resolve without a code and notes.
      records: [
        { short_description: "b1" },
        { short_description: "b2", state: "6" },
        { short_description: "b3" },
      ],
    });
    expect(
      toRows(result)
        .map(({ status }) => status)
        .sort(),
    ).toEqual(["done", "done", "failed"]);
    expect(summary).toBe("2 records of table incident created; 1 failed");
  });
});
