import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEncryption } from "../../host/src/encryption";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "key-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("The encryption key", () => {
  it("is made at the first start for its owner alone, and found again", () => {
    const encrypted = loadEncryption(undefined, folder).encrypt("text", "test");
    const file = join(folder, "encryption.key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(file, "utf8"), "base64")).toHaveLength(32);
    expect(loadEncryption(undefined, folder).decrypt("" + encrypted, "test")).toBe("text");
  });

  it("is taken as base64, base64url or hex of 32 bytes, each meaning the same key", () => {
    const key = randomBytes(32);
    const encrypted = loadEncryption(key.toString("hex"), folder).encrypt("text", "test");
    for (const form of [
      key.toString("base64"),
      key.toString("base64url"),
      ` ${key.toString("hex").toUpperCase()}\n`,
    ])
      expect(loadEncryption(form, folder).decrypt(encrypted, "test")).toBe("text");
  });

  it.each([
    ["a passphrase", "a passphrase of more than sixteen characters"],
    ["31 bytes", randomBytes(31).toString("base64")],
    ["33 bytes", randomBytes(33).toString("base64")],
    ["hex that is too short", randomBytes(31).toString("hex")],
    ["a list", "a,b"],
  ])("is refused as %s, without showing it", (_, text) => {
    const load = (): unknown => loadEncryption(text, folder);
    expect(load).toThrow("HOST_ENCRYPTION_KEY is not a key: it takes exactly 32 bytes");
    expect(load).not.toThrow(text);
  });

  it.each(["", "\n", "x", "AAAA"])("is refused as a file with %j, which is left as it is", (content) => {
    const file = join(folder, "encryption.key");
    writeFileSync(file, content);
    expect(() => loadEncryption(undefined, folder)).toThrow(file);
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  it("of a passphrase that earlier releases took is what the message says", () => {
    const passphrase = "the former passphrase";
    const key = createHash("sha256").update(passphrase).digest();
    expect(() => loadEncryption(passphrase, folder)).toThrow("openssl dgst -sha256 -binary | openssl base64");
    expect(
      loadEncryption(key.toString("base64"), folder).decrypt(
        loadEncryption(key.toString("hex"), folder).encrypt(1, "t"),
        "t",
      ),
    ).toBe(1);
  });
});
