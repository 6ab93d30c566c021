import { countForChange } from "../../../common";
import { assertTableQuery } from "../../../common/schema";
import { failureOf, useInstance } from "../apis/support";

const { as } = useInstance();

describe("B1: a bulk change whose query ServiceNow would drop", () => {
  it.each([
    ["stateCHANGESTO107", /Perhaps: state=107/],
    ["sys_created_onONfoo", /not a label with its first and last moment/],
    ["assigned_toDYNAMICnope", /not the sys_id of a dynamic filter option/],
    ["stateNOT IN", /the list is empty/],
    ["activeLIKEtrue", /Perhaps: active=true/],
    ["assigned_to.nothing=x", /has no column "assigned_to.nothing"/],
    ["stateANYTHING", /fits every record/],
  ])("is refused before anything is counted: %s", async (query, message) => {
    expect(await failureOf(countForChange(as(), "problem", query))).toMatchObject({
      kind: "usage",
      message: expect.stringMatching(message) as string,
    });
  });

  it("is refused where the instance does not take a condition into account that looks right", async () => {
    // No filter option has this sys_id, which only the instance can know.
    const query = `assigned_toDYNAMIC${"a".repeat(32)}`;
    expect(await failureOf(countForChange(as(), "incident", query))).toMatchObject({
      kind: "incomplete",
      fields: ["assigned_to"],
      message: expect.stringMatching(/Nothing was changed/) as string,
    });
  });
});

it("says how many records match, and refuses more than the maximum", async () => {
  const { total: wanted } = await as().table("incident").list({ query: "active=true^priority<3" });
  const count = await countForChange(as(), "incident", "active=true^priority<3");
  expect(count.matching).toBe(wanted);
  expect(count.total).toBeGreaterThan(count.matching);
  expect(
    await failureOf(countForChange(as(), "incident", "active=true^priority<3", { maxRecords: 1 })),
  ).toMatchObject({
    kind: "usage",
    message: expect.stringMatching(/at most 1 may be changed/) as string,
  });
});

describe("B2: a query that is written as in another language", () => {
  it.each(["active==true", "active=true&priority=1", "active=true\npriority=1"])(
    "is refused by every list of the client, with the query that was meant: %j",
    async (query) => {
      for (const asked of [
        as().table("incident").list({ query }),
        as().table("incident").page({ query }),
        as().table("incident").first({ query }),
      ])
        expect(await failureOf(asked)).toMatchObject({
          kind: "usage",
          message: expect.stringMatching(/Perhaps: active=true/) as string,
        });
    },
  );
});

it("checks the shape of values where the dictionary is closed to the account", async () => {
  const client = as("itil");
  await expect(
    assertTableQuery(client, "incident", "priority=1^short_descriptionLIKEa"),
  ).resolves.toMatchObject({
    order: [],
  });
  expect(await failureOf(assertTableQuery(client, "incident", "priorityIN"))).toMatchObject({
    kind: "usage",
  });
});
