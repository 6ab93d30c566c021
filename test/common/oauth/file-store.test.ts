import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { fileStore, type Token } from "../../../common";
import { sha256 } from "../../../common/oauth/digest";
import { keyOf } from "../../../common/oauth/token-holder";
import { stubClient } from "../stub";
import { answering, call, clientFor, PASSWORD } from "./signing-in";

/** The file of the key `k`, and of the connection the clients here make. */
const fileOfK = async (): Promise<string> => `${await sha256("k")}.json`;
const fileOfConnection = async (): Promise<string> =>
  `${await keyOf({ ...PASSWORD, storeKey: "k" }, "https://dev1.service-now.com")}.json`;

describe("the file store", () => {
  const token: Token = {
    accessToken: "a",
    refreshToken: "r",
    expiresAt: 5,
    lifetime: 1800,
    tokenType: "Bearer",
  };
  const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "tokens-"));

  it("keeps a token in a file for its owner only, without the refresh token unless told", async () => {
    const place = join(await folder(), "deep");
    const store = fileStore({ folder: place });
    expect(await store.get("k")).toBeNull();
    await store.set("k", token);
    expect(await store.get("k")).toEqual({ ...token, refreshToken: undefined });
    expect((await stat(join(place, await fileOfK()))).mode & 0o777).toBe(0o600);
    await fileStore({ folder: place, keepRefreshToken: true }).set("k", token);
    expect(await store.get("k")).toEqual(token);
    await store.set("k", null);
    expect(await store.get("k")).toBeNull();
    expect(await readdir(place)).toEqual([]);
  });
  it("keys that differ in a sign or in a letter's case only have files of their own", async () => {
    const store = fileStore({ folder: await folder() });
    const keys = ["ann@acme", "ann#acme", "Ann@acme", "k".repeat(500)];
    for (const key of keys) await store.set(key, { ...token, accessToken: key });
    for (const key of keys) expect(await store.get(key)).toMatchObject({ accessToken: key });
  });
  it("WM-18: lets one task at a time work on a key", async () => {
    const store = fileStore({ folder: await folder() });
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 5 }, async () =>
        store.withLock?.("k", async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
  });
  it("takes over the lock of a process that died", async () => {
    const place = await folder();
    const lock = join(place, `${await fileOfK()}.lock`);
    await writeFile(lock, "");
    await utimes(lock, 1, 1);
    await expect(fileStore({ folder: place }).withLock?.("k", async () => 7)).resolves.toBe(7);
  });
  it("WM-06: an unreadable or foreign file is no token", async () => {
    const place = await folder();
    await writeFile(join(place, await fileOfK()), JSON.stringify({ version: 99, token }));
    expect(await fileStore({ folder: place }).get("k")).toBeNull();
    const kept = join(place, await fileOfConnection());
    await writeFile(kept, "{half");
    const { client, fake } = clientFor({ store: fileStore({ folder: place }), storeKey: "k" });
    await call(client);
    expect(fake.asked).toHaveLength(1);
    expect(JSON.parse(await readFile(kept, "utf8"))).toMatchObject({
      version: 1,
      token: { accessToken: "t1" },
    });
  });
});

it("a clock that is set back does not make the lock of a dead process last for ever", async () => {
  const folder = await mkdtemp(join(tmpdir(), "token-store-"));
  const store = fileStore({ folder, staleMs: 60 });
  await store.set("k", null);
  const lock = join(folder, `${await fileOfK()}.lock`);
  await writeFile(lock, "");
  const future = new Date(Date.now() + 3_600_000);
  await utimes(lock, future, future);
  expect(await store.withLock?.("k", async () => "taken over")).toBe("taken over");
});

it("two clients over one file store, one of which died while it held the lock: the other has its token soon", async () => {
  const folder = await mkdtemp(join(tmpdir(), "token-store-"));
  const library = join(folder, "library.mjs");
  await build({
    entryPoints: [join(__dirname, "../../../common/index.ts")],
    outfile: library,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  });
  const tokens = join(folder, "tokens");
  // Its sign-in never ends: the lock is held for as long as it lives.
  const code = `import { createClient, fileStore } from ${JSON.stringify(library)};
    const transport = () => { console.log("locked"); return new Promise(() => setInterval(() => {}, 1000)); };
    await createClient({ instance: "dev1", transport, auth: { ...${JSON.stringify(PASSWORD)}, storeKey: "k", store: fileStore({ folder: ${JSON.stringify(tokens)} }) } }).table("incident").page();`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", code]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  expect(await readdir(tokens)).toContain(`${await fileOfConnection()}.lock`);
  const died = new Promise((resolve) => holder.once("exit", resolve));
  holder.kill("SIGKILL");
  await died;
  const transport = answering({ access_token: "good", expires_in: 1800 });
  const store = fileStore({ folder: tokens, staleMs: 200 });
  const { client } = stubClient(transport, { auth: { ...PASSWORD, storeKey: "k", store } });
  await client.table("incident").page();
  expect(transport.requests.at(-1)?.headers["authorization"]).toBe("Bearer good");
  expect(await readdir(tokens)).toEqual([await fileOfConnection()]);
});

it("a holder that was overtaken does not take the lock of its successor away", async () => {
  const folder = await mkdtemp(join(tmpdir(), "token-store-"));
  const slow = fileStore({ folder, staleMs: 30 });
  let letGo = (): void => undefined;
  const held = slow.withLock?.("k", () => new Promise<void>((resolve) => (letGo = resolve)));
  let finish = (): void => undefined;
  await new Promise<void>((begun) => {
    void slow.withLock?.("k", () => {
      begun();
      return new Promise<void>((resolve) => (finish = resolve));
    });
  });
  letGo();
  await held;
  expect(await readdir(folder)).toEqual([`${await fileOfK()}.lock`]);
  finish();
});
