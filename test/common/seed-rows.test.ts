import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** Rows that are left out or are the instance's own, with the reason in seed-rows.md. */
const LEFT_OUT = ["PS-27", "PS-50", "PS-63", "PS-64", "PS-65", "WM-16", "AM-20", "PD-17"];

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === "node_modules") return [];
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/** `PD-08..PD-12` stands for all five. */
function idsIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, prefix = "", from = "", to] of text.matchAll(
    /\b(PS|WM|AM|PD)-(\d\d)(?:\.\.(?:PS|WM|AM|PD)-(\d\d))?/g,
  )) {
    for (let n = Number(from); n <= Number(to ?? from); n++)
      found.add(`${prefix}-${String(n).padStart(2, "0")}`);
  }
  return found;
}

const every = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${String(i + 1).padStart(2, "0")}`);

it("there is a row for every feature of the systems this one follows", () => {
  const documented = idsIn(readFileSync(join(__dirname, "seed-rows.md"), "utf8"));
  const all = [...every("PS", 65), ...every("WM", 31), ...every("AM", 30), ...every("PD", 17)];
  expect(all.filter((id) => !documented.has(id))).toEqual([]);
});

it("a test names every row that is carried", () => {
  const texts = ["common", "windmill", "apps", "actions", "docs"]
    .map((name) => join(root, "test", name))
    .flatMap((folder) => files(folder))
    .filter((path) => path.endsWith(".test.ts") && path !== __filename)
    .map((path) => readFileSync(path, "utf8"));
  const named = idsIn(texts.join("\n"));
  const carried = [...every("PS", 65), ...every("WM", 31), ...every("AM", 30), ...every("PD", 17)].filter(
    (id) => !LEFT_OUT.includes(id),
  );
  expect(carried.filter((id) => !named.has(id))).toEqual([]);
});
