import { readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { startPlatformHost, type PlatformHost } from "./platform-host";
import { PROBES, type Probe } from "./probes";

/**
 * The table of `docs/host.md` is made of what the host is seen to do here. Written anew by
 * `WRITE_TABLE=1 npx jest test/host/platform`.
 */
const page = join(__dirname, "../../../docs/host.md");
const BEGIN = "<!-- platform table: made by test/host/platform -->";
const END = "<!-- end of the platform table -->";

const rows = new Map<string, string[]>();
let host: PlatformHost;
beforeAll(async () => {
  host = await startPlatformHost();
});
afterAll(() => host?.stop());

async function rowOf(probe: Probe): Promise<string> {
  const { feature, platform, how } = probe;
  const observed = await probe.observe(host);
  const isSame = isDeepStrictEqual(observed, platform);
  if (isSame && how)
    throw new Error(`${feature}: the same as on the platform, so there is nothing to explain.`);
  // Shows both when a feature is lost.
  if (!isSame && !how) expect(observed).toEqual(platform);
  if (!how) return `| ${feature} | same | |`;
  return "missing" in how
    ? `| ${feature} | missing | ${how.missing} |`
    : `| ${feature} | different | ${how.different} |`;
}

describe.each(Object.entries(PROBES))("%s", (group, probes) => {
  const made: string[] = [];
  rows.set(group, made);
  test.each(probes)("$feature", async (probe) => {
    made.push(await rowOf(probe));
  });
});

test("the table of the document is what was seen", () => {
  const all = [...rows].flatMap(([group, made]) => [`| **${group}** | | |`, ...made]);
  const table = ["| feature of the platform | here | |", "|---|---|---|", ...all].join("\n");
  const text = readFileSync(page, "utf8");
  const written = new RegExp(`${BEGIN}\n\n[^]*\n\n${END}`);
  expect(text).toMatch(written);
  const wanted = text.replace(written, () => `${BEGIN}\n\n${table}\n\n${END}`);
  if (process.env.WRITE_TABLE !== undefined) writeFileSync(page, wanted);
  else expect(text).toBe(wanted);
});
