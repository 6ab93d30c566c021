import { catalogOf, IPAD, LAPTOP, MAIL } from "../../helpers/catalog-items";
import { mends, useRegistry } from "../../helpers/registry-suite";
import type { Row } from "../../helpers/action-suite";
import { toRow, toRows } from "../../helpers/present";

/** What the registry's actions on orders got wrong. */
const suite = useRegistry();
const { step, asked, rows, total, faults, action } = suite;
afterEach(() => faults([]));

const { questions, idOf, answers } = catalogOf(suite);

describe("ordering at once", () => {
  mends("order-catalog-item", "can order for another person", async () => {
    const { result } = await step("order-catalog-item", {
      sysId: await idOf(IPAD),
      quantity: 1,
      requestedFor: "employee",
    });
    const [person] = await rows("sys_user", "user_name=employee");
    const [request] = await rows("sc_request", `number=${String(toRow(result).request_number)}`);
    expect(request?.requested_for).toBe(person?.sys_id);
  });
  mends("order-catalog-item", "mandatory variables are checked first", async () => {
    await expect(step("order-catalog-item", { sysId: MAIL, variables: "{}" })).rejects.toThrow(
      /needs an answer/,
    );
    expect(asked().map(({ method }) => method)).not.toContain("POST");
  });
  mends("order-catalog-item", "is never repeated blindly", async () => {
    const before = await total("sc_request");
    await faults([{ match: { method: "POST", path: "order_now" }, reset: "after", count: 1 }]);
    await expect(step("order-catalog-item", { sysId: IPAD })).rejects.toThrow(/may have been carried out/);
    expect(await total("sc_request")).toBe(before + 1);
  });
  mends("submit-record-producer", "mandatory variables are checked first", async () => {
    const needed = (await questions("Create Incident")).filter(({ mandatory }) => mandatory);
    const before = await total("incident");
    expect(needed).not.toEqual([]);
    await expect(
      step("submit-record-producer", { sysId: "Create Incident", variables: "{}" }),
    ).rejects.toThrow(needed[0]?.name);
    expect(await total("incident")).toBe(before);
  });
  mends("submit-record-producer", "the summary names the record that was created", async () => {
    const variables = JSON.stringify(await answers("Create Incident"));
    const { summary } = await step("submit-record-producer", {
      sysId: await idOf("Create Incident"),
      variables,
    });
    expect(summary).toMatch(/^Created INC\d+ in table incident$/);
  });
  mends("submit-order-guide", "says that nothing was ordered, and what to do next", async () => {
    const before = await total("sc_request");
    const variables = JSON.stringify(await answers("New Hire"));
    const { summary } = await step("submit-order-guide", { catalogItemSysId: "New Hire", variables });
    expect(summary).toMatch(/nothing is ordered yet$/);
    expect(action("submit-order-guide").description).toMatch(/\*\*Checkout Order Guide\*\*/);
    expect(await total("sc_request")).toBe(before);
  });
  mends(
    "checkout-order-guide",
    "a deliberately blank variable is allowed with an explicit empty text",
    async () => {
      const optional = (await questions(LAPTOP)).find(({ mandatory, choices }) => !mandatory && !choices);
      const line = {
        sys_id: await idOf(LAPTOP),
        quantity: 1,
        variables: { ...(await answers(LAPTOP)), [optional?.name ?? ""]: "" },
      };
      const checkout = (items: unknown) =>
        step("checkout-order-guide", { catalogItemSysId: "New Hire", items });
      expect((await checkout([JSON.stringify(line)])).summary).toMatch(/^(Placed order|Added the items)/);
      const blank = { ...line, variables: { [optional?.name ?? ""]: null } };
      await expect(checkout(JSON.stringify([blank]))).rejects.toThrow(/has no value\. Give ""/);
    },
  );
});

describe("following an order", () => {
  const order = async () => {
    const { result } = await step("order-catalog-item", { sysId: LAPTOP, variables: await answers(LAPTOP) });
    return String(toRow(result).request_number);
  };
  mends("check-order-status", "the state is a label", async () => {
    const requestNumber = await order();
    const { summary, result } = await step("check-order-status", { requestNumber });
    const [request] = toRows(result);
    expect(request?.request_state_label ?? request?.state_label).toEqual(expect.stringMatching(/^[A-Z]/));
    expect(summary).toBe(
      `Request ${requestNumber} is ${String(request?.request_state_label ?? request?.state_label)}`,
    );
  });
  mends("check-order-status", "an unknown number is said so", async () => {
    const { summary, result } = await step("check-order-status", { requestNumber: "REQ9999999" });
    expect([summary, result]).toEqual(["No request found with number REQ9999999", []]);
  });
  mends(
    "check-order-status",
    "telling columns instead of the whole row; `responseFields` gives others",
    async () => {
      const requestNumber = await order();
      const { result } = await step("check-order-status", { requestNumber });
      expect(Object.keys(toRows(result)[0] ?? {}).length).toBeLessThan(25);
      const other = await step("check-order-status", { requestNumber, responseFields: ["number"] });
      expect(other.result).toEqual([{ number: requestNumber }]);
    },
  );
  mends(
    "get-requested-items",
    "stable order and a useful set of columns, where `responseFields` gives others",
    async () => {
      const { result, asked: requests } = await step("get-requested-items", {
        requestNumber: await order(),
        limit: "5",
      });
      expect(requests.at(-1)?.params.sysparm_query).toMatch(/ORDERBYnumber/);
      expect(Object.keys(toRows(result)[0] ?? {}).length).toBeLessThan(30);
      const ritmNumber = toRows(result)[0]?.number;
      const other = await step("get-requested-items", { ritmNumber, responseFields: "number,quantity" });
      expect(other.result).toEqual([expect.objectContaining({ number: ritmNumber, quantity: "1" })]);
    },
  );
  mends("get-requested-items", "the variables of the items can be included", async () => {
    const { result } = await step("get-requested-items", {
      requestNumber: await order(),
      includeVariables: "true",
    });
    expect((result as { variables: Row[] }[])[0]?.variables).not.toEqual([]);
  });
});
