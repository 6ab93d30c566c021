import { buildInstance, type BuiltInstance } from "../../instance/src/build";
import { countingIndex } from "../../instance/src/store/schema";
import { listOfValues } from "../../instance/src/store/sql";
import { present } from "../helpers/present";

let built: BuiltInstance;
let url: string;
beforeAll(async () => {
  built = buildInstance({ seed: "demo", incidents: 400 });
  url = await built.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => built.close());

it.each([
  "active=true^priority=2",
  "active=true^priorityIN1,2^categoryLIKEnet",
  "assignment_groupISNOTEMPTY^stateIN1,2,3",
  "active=true^NQpriority=1",
  "state!=7^ORpriority<3",
  "caller_id.name=Abel Tuter",
  "sys_updated_on>2024-06-01 00:00:00^active=true",
  "short_descriptionLIKEe",
  "",
])("X-Total-Count is the number of records that a list without a limit has: %s", async (query) => {
  for (const table of ["incident", "task"]) {
    const answer = await fetch(
      `${url}/api/now/table/${table}?sysparm_limit=10000&sysparm_fields=sys_id&sysparm_query=${encodeURIComponent(query)}`,
      { headers: { authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}` } },
    );
    const { result } = (await answer.json()) as { result: unknown[] };
    expect(result).not.toEqual([]);
    expect(answer.headers.get("x-total-count")).toBe(String(result.length));
  }
});

it("counts by what tasks are filtered by without reading the tasks", () => {
  expect(countingIndex("task", 'r.sys_class_name = ? AND (r."active" = 1)')).toBe("task__filters");
  expect(countingIndex("task", `r."priority" IN (${listOfValues})`)).toBe("task__filters");
  expect(countingIndex("task", `r."caller_id" IN (SELECT sys_id FROM sys_user)`)).toBeUndefined();
  expect(countingIndex("task", "r.sys_class_name = ?")).toBeUndefined();
  expect(countingIndex("task", 'r."active" = 1 AND r."short_description" LIKE ?')).toBeUndefined();
  const plan = built.store.all(
    'EXPLAIN QUERY PLAN SELECT COUNT(*) FROM "task" r INDEXED BY task__filters WHERE r.sys_class_name = ? AND r."active" = 1',
    ["incident"],
  );
  expect(String(present(plan[0]).detail)).toMatch(/COVERING INDEX task__filters/);
});
