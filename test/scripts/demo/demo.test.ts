import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { present } from "../../helpers/present";

const root = join(__dirname, "../../..");

describe("npm run demo", () => {
  it("connects, deploys, accounts for every version, runs five actions and ends with 0", () => {
    const demo = spawnSync(process.execPath, [require.resolve("ts-node/dist/bin"), "scripts/demo.ts"], {
      cwd: root,
      encoding: "utf8",
      timeout: 170_000,
    });
    expect(`${demo.stdout}${demo.status === 0 ? "" : demo.stderr}`).toMatch(/Everything checked/);
    expect(demo.status).toBe(0);
    expect(demo.stdout).toMatch(/Versions written 1300 \(1000 records, 300 of them updated\)/);
    const [, emitted, coalesced] = present(
      /Events: (\d+) emitted, (\d+) coalesced, 0 lost, 0 doubled, 0 unknown, 0 out of order/.exec(
        demo.stdout,
      ),
    );
    expect(Number(emitted) + Number(coalesced)).toBe(1300);
    for (const action of [
      "create-table-record",
      "get-table-record-by-id",
      "update-table-record",
      "get-table-records",
      "delete-table-record",
    ])
      expect(demo.stdout).toMatch(new RegExp(`^${action}: .+`, "m"));
  }, 180_000);
});
