import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backup } from "../../../host/src/db/backup";
import { restore } from "../../../host/src/db/restore";
import { cleanUp, folder, root, start, value } from "./support";

jest.setTimeout(180_000);
afterEach(cleanUp);

describe("A backup of the embedded database", () => {
  it("is consistent while the host writes, and is restored into a new folder with a password of its own", async () => {
    const dataDir = folder();
    const { pool, server } = await start(dataDir);
    await pool.query("create table pairs (n int primary key); create table halves (n int, side text)");
    let writing = true;
    const writer = (async () => {
      for (let n = 1; writing; n += 1)
        await pool.query(
          `with made as (insert into pairs values (${n}) returning n) insert into halves select n, side from made, unnest(array['left', 'right']) side`,
        );
    })();
    const before = await value<number>(pool, "select count(*)::int from pairs");
    const file = join(folder(), "copy.backup");
    const result = await backup(dataDir, file);
    writing = false;
    await writer;
    expect(result).toEqual({ file, bytes: statSync(file).size, running: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const other = join(folder(), "data");
    await restore(other, file);
    const restored = await start(other);
    const pairs = await value<number>(restored.pool, "select count(*)::int from pairs");
    expect(pairs).toBeGreaterThanOrEqual(before);
    expect(await value(restored.pool, "select max(n) from pairs")).toBe(pairs);
    expect(await value(restored.pool, "select count(*)::int from halves")).toBe(2 * pairs);
    expect(restored.server.connection.password).not.toBe(server.connection.password);
    expect(readdirSync(other)).toEqual(["postgres"]);
  });

  it("is made of a stopped host's database too, and by the command", async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await first.pool.query("create table kept (n int); insert into kept values (5)");
    await cleanUpServer(first);
    const file = join(folder(), "copy.backup");
    const ran = command("backup", file, dataDir);
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toMatchObject({ file, running: false });
    const other = folder();
    expect(JSON.parse(command("restore", file, other).stdout)).toEqual({ folder: join(other, "postgres") });
    const { pool } = await start(other);
    expect(await value(pool, "select n from kept")).toBe(5);
  });

  it("is refused in words: over a file or a database that is there, of no database, of a file cut short or of another kind", async () => {
    const dataDir = folder();
    await expect(backup(dataDir, join(dataDir, "x"))).rejects.toThrow("There is no embedded database in");
    await start(dataDir);
    const file = join(folder(), "copy.backup");
    await backup(dataDir, file);
    await expect(backup(dataDir, file)).rejects.toThrow("is there already. Name a new file.");
    await expect(restore(dataDir, file)).rejects.toThrow("has a database already");
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const other = folder();
    await expect(restore(other, file)).rejects.toThrow("is no whole backup");
    writeFileSync(file, "not a backup at all");
    await expect(restore(other, file)).rejects.toThrow("is no");
    const foreign = join(folder(), "foreign.tgz");
    execFileSync("tar", ["-czf", foreign, "-C", root, "LICENSE"]);
    await expect(restore(other, foreign)).rejects.toThrow("is no backup of a host's database");
    await expect(restore(other, "/no/such/file")).rejects.toThrow("There is no file");
    expect(readdirSync(other)).toEqual([]);
  });

  it("holds neither the password nor anything beside the database", async () => {
    const dataDir = folder();
    const { server } = await start(dataDir);
    const file = join(folder(), "copy.backup");
    await backup(dataDir, file);
    const names = execFileSync("tar", ["-tzf", file]).toString().split("\n");
    expect(names).toContain("backup_label");
    expect(names.filter((name) => name.startsWith("/") || name.includes(".."))).toEqual([]);
    const plain = execFileSync("gunzip", ["-c"], { input: readFileSync(file), maxBuffer: 1e9 });
    expect(plain.includes(server.connection.password)).toBe(false);
  });
});

async function cleanUpServer(started: Awaited<ReturnType<typeof start>>): Promise<void> {
  await started.pool.end();
  started.pool.end = () => Promise.resolve();
  await started.server.stop();
}

function command(name: string, file: string, dataDir: string): { stdout: string; stderr: string } {
  const ran = spawnSync(process.execPath, ["node_modules/ts-node/dist/bin.js", `scripts/${name}.ts`, file], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: "" },
    encoding: "utf8",
  });
  return ran;
}
