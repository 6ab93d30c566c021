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
  const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && file !== "docs.test.ts")
    .map((file) => readFileSync(join(__dirname, file), "utf8"));
  /** What the names of tests begin with: `3.8`, `S4`, or several as in `7.1 and 7.2`. */
  const named = new Set(
    files.flatMap((text) =>
      [...text.matchAll(/["'`]((?:(?:\d+(?:\.\d+)?|S\d+)(?:, | and | to | ))+)/g)].flatMap(
        ([, numbers]) => numbers!.match(/S?\d+(\.\d+)?/g) ?? [],
      ),
    ),
  );

  test.each(coverage.filter(([, , state]) => state !== "left out").map(([section]) => section))(
    "section %s is named by a test",
    (section) => expect([...named]).toContain(section),
  );

  test.each(Object.keys(switches))("the switch %s is used by a test", (name) => {
    expect(files.some((text) => new RegExp(`\\b${name}\\b`).test(text))).toBe(true);
  });

  test.each(Array.from({ length: 15 }, (_, at) => `S${at + 1}`))("%s is named by a test", (row) =>
    expect([...named]).toContain(row),
  );
});
