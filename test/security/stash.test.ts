import { existsSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { duringTests } from "../helpers/instance";
import { startHost, until } from "../host/host";
import { bearer, connectToken } from "../host/callers";

/** Files that actions leave are their user's. */

const host = duringTests(startHost);

interface Left {
  stash_id: string;
  exports: { $filestash_uploads: { s3Key: string; get_url: string; localPath: string }[] };
}

async function leave(
  token: string,
  more: Record<string, unknown> = {},
  stash: unknown = true,
): Promise<Left> {
  const { status, body } = await host.call<Left & { error?: string }>(
    "POST",
    "/v1/connect/actions/run",
    { id: "conformance-leave-file", configured_props: { text: "of Ann", ...more }, stash_id: stash },
    bearer(token),
  );
  expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  return body;
}
const download = async (s3Key: string, token: string): Promise<[number, string]> => {
  const answer = await fetch(
    `${host.url}/v1/connect/file_stash/download?s3_key=${encodeURIComponent(s3Key)}`,
    {
      headers: bearer(token),
    },
  );
  return [answer.status, await answer.text()];
};
const get = async (url: string): Promise<[number, string]> => {
  const answer = await fetch(url);
  return [answer.status, await answer.text()];
};

test("a user's files are read by that user, and by no other who knows their keys", async () => {
  const [ann, ben] = await Promise.all([connectToken(host, "ann"), connectToken(host, "ben")]);
  const { stash_id, exports } = await leave(ann);
  const keys = exports.$filestash_uploads.map(({ s3Key }) => s3Key).sort();
  expect(keys).toEqual([`${stash_id}/deep/ünder.txt`, `${stash_id}/note.txt`]);
  for (const key of keys) {
    expect(await download(key, ann)).toEqual([200, "of Ann"]);
    expect((await download(key, ben))[0]).toBe(404);
  }
  // The same id is another folder for another user.
  const bens = await leave(ben, { text: "of Ben" }, stash_id);
  expect(bens.stash_id).toBe(stash_id);
  expect(await download(`${stash_id}/note.txt`, ann)).toEqual([200, "of Ann"]);
  expect(await download(`${stash_id}/note.txt`, ben)).toEqual([200, "of Ben"]);
});

test("keys that lead out of the folder, to folders and to links are of no file", async () => {
  const ann = await connectToken(host, "ann");
  const credentials = join(host.dataDir, "credentials.json");
  const { stash_id, exports } = await leave(ann, { linkTo: credentials });
  expect(exports.$filestash_uploads.map(({ s3Key }) => s3Key)).not.toContain(`${stash_id}/link.txt`);
  for (const key of [
    "../../credentials.json",
    `${stash_id}/../../../credentials.json`,
    credentials,
    `${stash_id}/link.txt`,
    `${stash_id}/deep`,
    stash_id,
    `${stash_id}/note.txt\0.png`,
  ])
    expect([key, (await download(key, ann))[0]]).toEqual([key, 404]);
});

test("an address serves whoever has it, for its file alone and until it ends", async () => {
  const ann = await connectToken(host, "ann");
  const { exports } = await leave(ann);
  const url = exports.$filestash_uploads.find(({ s3Key }) => s3Key.endsWith("note.txt"))?.get_url ?? "";
  expect(url.startsWith(`${host.url}/`)).toBe(true);
  expect(await get(url)).toEqual([200, "of Ann"]);
  const changed = (name: string, value: string): string => {
    const other = new URL(url);
    other.searchParams.set(name, value);
    return other.href;
  };
  const later = String(Number(new URL(url).searchParams.get("expires")) + 1);
  for (const other of [
    changed("s3_key", "other/note.txt"),
    changed("user", "ben"),
    changed("expires", later),
    changed("expires", "0"),
    changed("signature", "x"),
  ])
    expect([other, (await get(other))[0]]).toEqual([other, 404]);
  expect((await get(changed("expires", "soon")))[0]).toBe(400);
});

test("what was left a day ago is taken away", async () => {
  const ann = await connectToken(host, "ann");
  const { stash_id } = await leave(ann);
  const root = join(host.dataDir, "stash");
  const folder = readdirSync(root)
    .map((user) => join(root, user, stash_id))
    .find((path) => existsSync(path));
  if (!folder) throw new Error("The stash is not where it should be.");
  const dayBefore = new Date(Date.now() - 25 * 3600_000);
  utimesSync(folder, dayBefore, dayBefore);
  await until(
    "the housekeeping has taken it away",
    async () => Promise.resolve(!existsSync(folder)),
    150_000,
  );
}, 180_000);
