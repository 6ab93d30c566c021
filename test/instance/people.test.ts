import { narrow, openBrowser, wide, type Session } from "../browser/support/open-browser";
import { testInstance, type TestInstance } from "./client";
import { cookiesOf } from "./oauth";
import { present } from "../helpers/present";

let instance: TestInstance;
let session: Session;
beforeAll(async () => {
  instance = await testInstance({ incidents: 30 });
  session = await openBrowser();
  const { page } = session;
  await page.goto(`${instance.url}/`);
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill("admin");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Tables" }).waitFor();
}, 120_000);
afterAll(async () => {
  await session?.close();
  await instance?.stop();
});

test("a person signs in, finds a record, makes and changes some, and sees the requests", async () => {
  const { page } = session;
  await page.goto(`${instance.url}/`);
  await page.getByRole("link", { name: "Incident", exact: true }).click();
  await page.getByLabel("Encoded query").fill("number=INC0000007");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "open" }).click();
  await page.getByText("INC0000007").first().waitFor();

  await page.getByRole("link", { name: "Demo records" }).click();
  await page.getByRole("button", { name: "Create ten" }).click();
  await page.getByText(/Created INC0010001, .*INC0010010/).waitFor();
  await page.getByRole("button", { name: "Change an incident" }).click();
  await page.getByText(/Changed INC00100\d\d/).waitFor();
  await page.getByRole("button", { name: "Start a steady stream" }).click();
  await page.getByText("One incident every two seconds").waitFor();
  await page.getByRole("button", { name: "Stop the steady stream" }).click();
  await page.getByRole("button", { name: "Start a steady stream" }).waitFor();
  await session.shoot("instance-demo");

  await page.getByRole("link", { name: "Users" }).click();
  await page.getByText("Australia/Sydney").waitFor();
  await page.getByRole("link", { name: "OAuth clients" }).click();
  await page.getByText("demo-secret").waitFor();
  await page.getByRole("link", { name: "Requests" }).click();
  await page.getByText("POST /demo").first().waitFor();
  expect(session.complaints).toEqual([]);
}, 90_000);

test("the pages fit a phone, name where one is, and lead from record to record", async () => {
  const { page } = session;
  const [incident] = await instance.rows<Record<string, string>>("incident", "number=INC0000007");
  await page.setViewportSize(narrow);
  for (const path of ["/", "/table?name=incident", "/users", "/clients", "/log", "/demo"]) {
    await page.goto(instance.url + path);
    // The page itself never scrolls sideways, only a table that is too wide does.
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(narrow.width);
    await session.shoot(`instance-${path.split(/[/?]/)[1] || "home"}`);
  }
  await page.goto(`${instance.url}/record?table=incident&id=${present(incident).sys_id}`);
  await session.shoot("instance-record");
  await page.setViewportSize(wide);
  await page.goto(`${instance.url}/`);
  expect(await page.getByRole("link", { name: "Tables" }).getAttribute("aria-current")).toBe("page");
  await page.getByLabel("Find a table").fill("blackout");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "Blackout Schedule" }).waitFor();
  await page.goto(`${instance.url}/record?table=incident&id=${present(incident).sys_id}`);
  expect(await page.title()).toBe("INC0000007");
  await page
    .getByRole("row", { name: /assigned_to/ })
    .getByRole("link")
    .click();
  await page.getByRole("heading", { name: /^User / }).waitFor();
  await page.goto(`${instance.url}/table?name=no_such_table`);
  await page.getByRole("heading", { name: "There is no such thing here" }).waitFor();
  expect(session.complaints.filter((text) => !text.includes("404"))).toEqual([]);
}, 90_000);

test("the pages are for the administrator, and forms from elsewhere do nothing", async () => {
  const cookie = await cookiesOf(instance, "itil");
  expect((await fetch(`${instance.url}/users`, { headers: { cookie } })).status).toBe(403);
  const forged = await fetch(`${instance.url}/demo`, {
    method: "POST",
    headers: { cookie: await cookiesOf(instance, "admin") },
    body: new URLSearchParams({ action: "create" }),
  });
  expect(forged.status).toBe(400);
});

test("what a record holds is shown as text, never as markup", async () => {
  const { sys_id } = await instance.create<{ sys_id: string }>("incident", {
    short_description: "<img src=x onerror=alert(1)>",
  });
  const { page } = session;
  await page.goto(`${instance.url}/record?table=incident&id=${sys_id}`);
  await page.getByText("<img src=x onerror=alert(1)>").waitFor();
  expect(await page.locator("img").count()).toBe(0);
});
