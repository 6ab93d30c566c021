import { redactor, secretsOf } from "../../host/src/execution/redact";

const secret = 's3cr&t/pa+ss "wörd"';
const mask = redactor([secret]);

describe("Masking", () => {
  it.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify({ a: secret })],
    ["in JSON within JSON", JSON.stringify({ a: JSON.stringify({ b: secret }) })],
    ["URL-encoded", `https://x.test/?q=${encodeURIComponent(secret)}`],
    ["URL-encoded in small letters", encodeURIComponent(secret).toLowerCase().replace("wörd", "wörd")],
    ["in a form", new URLSearchParams({ password: secret }).toString()],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 of URLs", Buffer.from(secret).toString("base64url")],
    ["behind a user in a Basic header", `Basic ${Buffer.from(`admin:${secret}`).toString("base64")}`],
    [
      "behind other users",
      `${Buffer.from(`ab:${secret}`).toString("base64")} ${Buffer.from(`abc:${secret}:x`).toString("base64")}`,
    ],
  ])("hides a secret %s", (_, text) => {
    const clean = mask(text);
    expect(clean).toContain("********");
    for (const word of clean.match(/[\w+/=-]{6,}/g) ?? [])
      expect(Buffer.from(word, "base64").toString("latin1")).not.toMatch(/s3cr|pa\+ss/);
    expect(decodeURIComponent(clean.replaceAll("+", " ").replace(/%(?![0-9a-f]{2})/gi, "%25"))).not.toContain(
      "s3cr&t",
    );
  });

  it("leaves other text alone", () => {
    const text = "an ordinary sentence with d29yZHMgYW5kIG51bWJlcnM= in it";
    expect(mask(text)).toBe(text);
  });

  it("knows values with a password in them by their form", () => {
    expect(
      secretsOf({
        a: "postgres://u:p4ssw@db/x",
        b: "https://x.test/",
        c: "Server=x;Pwd=abc",
        d: "http://[::1]:80/@",
      }),
    ).toEqual(["postgres://u:p4ssw@db/x", "Server=x;Pwd=abc"]);
  });

  it.each([
    ["colons in an authority", (n: number) => `//${":".repeat(n)}`],
    ["slashes", (n: number) => "//".repeat(n)],
    ["at signs", (n: number) => `//${"a@".repeat(n)}`],
    ["an authority in each word", (n: number) => "//a: ".repeat(n)],
    ["bearers", (n: number) => "bearer ".repeat(n)],
    ["a bearer and blanks", (n: number) => `bearer${" ".repeat(n)}x`],
    ["letters behind a bearer", (n: number) => `bearer ${"a".repeat(n)}`],
    ["authorizations", (n: number) => "authorization: bearer ".repeat(n)],
    ["a long word of base64", (n: number) => "QUFB".repeat(n)],
    [
      "the secret again and again",
      (n: number) =>
        Buffer.from(`admin:${secret}`)
          .toString("base64")
          .repeat(Math.ceil(n / 30)),
    ],
  ])("takes time in proportion to %s", (_, make) => {
    // Time of the processor, which a busy machine does not stretch.
    const spent = (n: number): number => {
      const text = make(n);
      const times = Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        mask(text);
        secretsOf({ address: text });
        return process.cpuUsage(before).user / 1000;
      });
      return Math.min(...times);
    };
    spent(1000);
    const [small, large] = [spent(20_000), spent(320_000)];
    // Sixteen times the text: in proportion it takes 16 times as long, by the square 256 times.
    expect(large).toBeLessThan(Math.max(small, 2) * 64);
  });
});
