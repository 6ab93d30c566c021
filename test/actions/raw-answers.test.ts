import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import importRow from "../../actions/import-row/import-row";
import importRows from "../../actions/import-rows/import-rows";
import sendApiRequest from "../../actions/send-api-request/send-api-request";
import { prepareAnswers, readVariables } from "../../common/apis/catalog/variables";
import { runAction } from "../helpers/components";
import { useInstance } from "../helpers/action-suite";

const { run, total } = useInstance({ incidents: 5 });

describe("Send API Request returns what a scripted API answers", () => {
  let server: Server;
  let answer: { status: number; type?: string; body: string | Buffer };
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status, answer.type ? { "content-type": answer.type } : {});
      response.end(answer.body);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
  });
  afterAll(() => server.close());
  const call = () => {
    const { port } = server.address() as AddressInfo;
    const account = { instance_name: `http://127.0.0.1:${port}`, oauth_access_token: "token" };
    return runAction(sendApiRequest, account, { method: "POST", path: "/api/x_acme/report", body: "{}" });
  };

  it.each([
    ["plain text", 200, "text/plain", "done: 3", "done: 3"],
    ["XML", 200, "application/xml", "<a>1</a>", "<a>1</a>"],
    ["CSV", 200, "text/csv", "a,b\n1,2", "a,b\n1,2"],
    ["a web page of its own", 200, "text/html", "<h1>Report</h1>", "<h1>Report</h1>"],
    ["text in another character set", 200, "text/plain; charset=iso-8859-1", Buffer.from([0xfc]), "ü"],
    ["JSON", 200, "application/json", '{"result":[1]}', { result: [1] }],
    ["JSON that is none", 200, "application/json", "{", "{"],
    ["a job under way", 202, "application/json", '{"job":"7"}', { job: "7" }],
    ["a 202 without a body", 202, undefined, "", null],
    ["an empty 201", 201, undefined, "", null],
    ["an empty 204", 204, undefined, "", null],
  ])("%s", async (_, status, type, body, data) => {
    answer = { status, body, ...(type ? { type } : {}) };
    const { result, summary } = await call();
    expect(result).toMatchObject({ status, data });
    expect(result).not.toHaveProperty("encoding");
    expect(summary).toBe(`POST /api/x_acme/report answered ${status}`);
  });

  it("a PDF in base64", async () => {
    const body = Buffer.from("%PDF-1.7\n\u0000binary", "latin1");
    answer = { status: 200, type: "application/pdf", body };
    expect((await call()).result).toMatchObject({ data: body.toString("base64"), encoding: "base64" });
  });

  it.each([
    [
      "an error with ServiceNow's own words",
      400,
      "application/json",
      '{"error":{"message":"No such report"}}',
      /No such report/,
    ],
    ["a page to sign in", 200, "text/html", '<form action="login.do">', /login page|sign-in/i],
  ])("and throws %s", async (_, status, type, body, message) => {
    answer = { status, type, body };
    await expect(call()).rejects.toThrow(message);
  });
});

describe("a column that a staging table lacks", () => {
  it.each([
    ["Import Row", () => run(importRow, { stagingTable: "imp_user", row: { user_id: "x", no_such: "1" } })],
    [
      "Import Rows",
      () => run(importRows, { stagingTable: "imp_user", rows: '[{"user_id":"x"},{"emial":"y"}]' }),
    ],
    ["Import Row, nothing right", () => run(importRow, { stagingTable: "imp_user", row: { User: "x" } })],
  ])("is named by %s before anything is written", async (_, write) => {
    const before = [await total("imp_user"), await total("sys_user")];
    await expect(write()).rejects.toThrow(
      /table imp_user has no column "(no_such|emial|User)".*Nothing was written/,
    );
    expect([await total("imp_user"), await total("sys_user")]).toEqual(before);
  });
});

describe("answers to a catalog item", () => {
  const question = (name: string, friendly_type: string, choices?: object[]) => ({
    id: "1",
    name,
    label: name,
    friendly_type,
    choices,
  });
  const variables = readVariables([
    question("size", "select_box", [
      { value: "s", label: "Small, one room" },
      { value: "l", label: "Large" },
    ]),
    question("day", "date"),
    question("at", "date_time"),
  ]);

  it.each([
    [{ size: "Large" }, { size: "l" }],
    [{ size: "small, one room" }, { size: "s" }],
    [{ day: "2026-12-24" }, { day: "2026-12-24" }],
    [{ at: "2026-12-24T14:05:00+01:00" }, { at: "2026-12-24 13:05:00" }],
    [{ at: "2026-12-24 14:05" }, { at: "2026-12-24 14:05:00" }],
  ])("%j is sent as %j", (given, sent) => expect(prepareAnswers(variables, given)).toEqual(sent));

  it.each([
    [{ size: "Huge" }, /"Huge" is not a choice of size/],
    [{ day: "24.12.2026" }, /"24.12.2026" is not a date/],
    [{ day: "2026-02-30" }, /is not a date/],
    [{ at: "tomorrow" }, /is not a date/],
  ])("%j is refused by name", (given, message) =>
    expect(() => prepareAnswers(variables, given)).toThrow(message),
  );
});
