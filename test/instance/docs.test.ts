import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderReference } from "../../instance/src/coverage";

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
