import { readFile, rm } from "node:fs/promises";
import { useRegistry } from "../../helpers/registry-suite";

const { step, record } = useRegistry({ incidents: 5 });
afterAll(() => rm("/tmp/kit-one-text.csv", { force: true }));

/** How a text stands in a CSV file. */
async function exported(text: string): Promise<string> {
  const { sys_id: id } = await record("incident", { short_description: text });
  const { result } = await step("export-records", {
    table: "incident",
    query: `sys_id=${String(id)}`,
    resultFields: ["short_description"],
    fileName: "kit-one-text.csv",
  });
  const [, line] = (await readFile((result as { path: string }).path, "utf8")).split("\r\n");
  return line ?? "";
}

describe("a text in a CSV file", () => {
  it.each(["+49 30 1234", "+49 (0)30 1234", "-5 degrees", "- cannot log in", "-12.5", "+1"])(
    "%s stays as it is",
    async (text) => expect(await exported(text)).toBe(text),
  );

  it.each([
    "=1+1",
    "@SUM(A1)",
    "+SUM(A1:A9)",
    "-2+3+cmd|' /C calc'!A0",
    "+LOG10(5)",
    "-[other.xlsx]Sheet1!A1",
  ])("%s gets an apostrophe, since a spreadsheet would run it", async (text) =>
    expect(await exported(text)).toBe(`'${text}`),
  );
});
