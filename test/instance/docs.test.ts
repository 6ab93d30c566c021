import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { switches } from "../../instance/src/core/config";
import { coverage, renderReference } from "../../instance/src/core/coverage";

test("docs/instance.md lists every switch and the coverage as they are", () => {
  const file = join(__dirname, "../../docs/instance.md");
  const text = readFileSync(file, "utf8");
  const marks = /(<!-- generated: [^\n]*-->\n)[\s\S]*(<!-- end -->)/;
  const wanted = text.replace(
    marks,
    (_all, start: string, end: string) => `${start}\n${renderReference()}\n${end}`,
  );
  if (process.env.UPDATE_DOCS) writeFileSync(file, wanted);
  else expect(text).toBe(wanted);
});

describe("what the page says is there", () => {
  const names = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => file.replaceAll("\\", "/").slice(0, -".test.ts".length));
  const texts = names
    .filter((name) => name !== "docs")
    .map((name) => readFileSync(join(__dirname, `${name}.test.ts`), "utf8"));

  test.each(coverage.filter(({ state }) => state !== "left out"))(
    "$subject: is shown by tests",
    ({ shownBy }) => {
      expect(shownBy).not.toEqual([]);
      expect(names).toEqual(expect.arrayContaining(shownBy));
    },
  );

  test.each(Object.keys(switches))("the switch %s is used by a test", (name) => {
    expect(texts.some((text) => new RegExp(`\\b${name}\\b`).test(text))).toBe(true);
  });
});
