import { USAGE } from "./stub";
import { createClient, parseInstance } from "../../common";

describe("PS-01, PD-05, AM-23: one instance, given as name, host or address", () => {
  it.each([
    ["dev98042", "https://dev98042.service-now.com"],
    [" Dev98042 ", "https://dev98042.service-now.com"],
    ["dev98042/", "https://dev98042.service-now.com"],
    ["dev98042.service-now.com", "https://dev98042.service-now.com"],
    ["https://dev98042.service-now.com/", "https://dev98042.service-now.com"],
    ["https://support.example.com", "https://support.example.com"],
    ["acme.servicenowservices.com", "https://acme.servicenowservices.com"],
    ["https://snow.example.com:8443", "https://snow.example.com:8443"],
    ["http://127.0.0.1:3001", "http://127.0.0.1:3001"],
    ["http://localhost:3001/", "http://localhost:3001"],
    ["https://dev98042.service-now.com/now/nav", "https://dev98042.service-now.com"],
    [
      "https://dev98042.service-now.com/nav_to.do?uri=incident.do%3Fsys_id=1#x",
      "https://dev98042.service-now.com",
    ],
    ["dev98042.service-now.com/incident_list.do", "https://dev98042.service-now.com"],
    ["http://127.0.0.1:3001/login.do?x=1", "http://127.0.0.1:3001"],
  ])("takes %s", (input, origin) => expect(parseInstance(input).origin).toBe(origin));

  it("knows the name of a service-now.com host only", () => {
    expect(parseInstance("dev98042.service-now.com").name).toBe("dev98042");
    expect(parseInstance("https://support.example.com").name).toBeNull();
  });

  it.each([
    ["", /empty/],
    ["my instance", /space/],
    ["ftp://dev1.service-now.com", /ftp/],
    ["dev98042.servicenow.com", /Write dev98042\.service-now\.com/],
    ["https://dev98042.servicenow.com/now/nav", /Write dev98042\.service-now\.com/],
    ["https://admin:pw@dev1.service-now.com", /password/],
    ["localhost:3001", /scheme/],
    ["dev_1", /not an instance/],
    ["javascript:alert(1)", /not an instance/],
  ])("refuses %j and says why", (input, words) => {
    expect(() => parseInstance(input)).toThrow(words);
    expect(() => parseInstance(input)).toThrow(USAGE);
  });

  it("refuses a second way of naming it, before any request", () => {
    const options = { instance: "dev1", host: "x", auth: { type: "token", token: "t" } } as const;
    expect(() => createClient(options)).toThrow(/host/);
  });
});

describe("PS-02: http", () => {
  it("is for this computer, unless allowed", () => {
    expect(() => parseInstance("http://snow.example.com")).toThrow(/not encrypted/);
    expect(parseInstance("http://snow.example.com", { allowHttp: true }).origin).toBe(
      "http://snow.example.com",
    );
  });
});
