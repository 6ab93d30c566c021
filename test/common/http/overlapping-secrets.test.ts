import fc from "fast-check";
import { redact, secretsOf as secretsOfRequest } from "../../../common/http/redact";
import { MASKED, redactor, secretsOf } from "../../../host/src/execution/redact";

/** Client and host each strike secrets out of what others say; neither may leave a part of one behind. */
const strikers: [string, (text: string, secrets: string[]) => string][] = [
  ["the client", (text, secrets) => redact(text, secrets)],
  ["the host", (text, secrets) => redactor(secrets)(text)],
];

describe.each(strikers)("%s", (_name, strike) => {
  const short = "abc123";
  const long = "abc123-tail-of-the-longer";
  test.each([[[short, long]], [[long, short]]])(
    "strikes the longer of two secrets that begin alike, in whichever order they are given",
    (secrets) => {
      const clean = strike(`one ${long} two ${short} three`, secrets);
      expect(clean).not.toContain("tail");
      expect(clean).toMatch(/^one \*+ two \*+ three$/);
    },
  );

  test("strikes a secret that ends, or stands inside of, another", () => {
    for (const inner of ["the-longer", "tail-of", "123-tail"])
      expect(strike(`<${long}> <${inner}>`, [inner, long])).toMatch(/^<\*+> <\*+>$/);
  });

  test("strikes every occurrence, at both ends and side by side", () => {
    expect(strike(`${short}${short} and ${short}`, [short])).toMatch(/^\*+ and \*+$/);
  });

  test("leaves nothing of any secret, whatever they share", () => {
    const alphabet = fc.constantFrom("a", "b", "%", '"', " ", "+", "/", "é", "\\", "&");
    const word = fc.string({ unit: alphabet, minLength: 6, maxLength: 9 });
    const forms = (secret: string) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      new URLSearchParams({ x: secret }).toString().slice(2),
    ];
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), fc.boolean(), (secrets, turned) => {
        const longer = secrets.map((secret) => secret + secret);
        const all = turned ? [...secrets, ...longer] : [...longer, ...secrets];
        for (const secret of all)
          for (const form of forms(secret)) expect(strike(`<<${form}>>`, all).replace(/[<>*]/g, "")).toBe("");
      }),
      { numRuns: 200 },
    );
  });

  test("leaves words alone that are too short to be told from others", () => {
    expect(strike("a ab abc", ["", "a", "ab", "abc"])).toBe("a ab abc");
  });
});

test("the client strikes secrets from four characters on", () => {
  expect(redact("abc abcd", ["abc", "abcd"])).toBe("abc ***");
});

test("the client knows what a request carries: its sign-in in every part, and its query in every spelling", () => {
  const basic = `Basic ${Buffer.from("ann:pä:ss word").toString("base64")}`;
  const secrets = secretsOfRequest(
    { authorization: basic, "x-sn-apikey": "key-of-nine" },
    "https://x.service-now.com/api?sysparm_query=name%3DAnn+Lee&x=50%25",
  );
  for (const hidden of [
    basic,
    basic.slice(6),
    "ann:pä:ss word",
    "pä:ss word",
    "key-of-nine",
    "sysparm_query=name%3DAnn+Lee&x=50%25",
    "sysparm_query=name=Ann+Lee&x=50%",
    "sysparm_query=name=Ann Lee&x=50%",
  ])
    expect(secrets).toContain(hidden);
  // What is no base64, or no percent-encoding, is kept as it is and breaks nothing.
  const odd = secretsOfRequest({ authorization: "Basic *no base64*" }, "https://x.service-now.com/?q=%E0%A4");
  expect(odd).toEqual(expect.arrayContaining(["Basic *no base64*", "*no", "q=%E0%A4"]));
  expect(odd.filter((secret) => typeof secret !== "string")).toEqual([]);
  expect(secretsOfRequest({ authorization: `Bearer ${btoa("ann:hush")}` }, "https://x/")).not.toContain(
    "hush",
  );
});

describe("the host", () => {
  test.each([
    "apikey",
    "api_key",
    "API-KEY".replace("-", "_"),
    "client_secret",
    "oauth_refresh_token",
    "passwd",
    "password",
    "passphrase",
    "private_pem",
    "credentials",
    "key",
    "signing_key",
    "pass",
    "db_pwd",
    "github_pat",
    "pat",
    "basic_auth",
  ])("takes a field %s for secret by its name", (name) => {
    expect(secretsOf({ [name]: "value-of-it" })).toEqual(["value-of-it"]);
  });
  test.each(["username", "keyboard", "monkey", "host", "instance_name", "author", "compass", "pattern"])(
    "does not take a field %s for secret",
    (name) => expect(secretsOf({ [name]: "value-of-it" })).toEqual([]),
  );
  test("takes declared fields whatever their name, and texts alone", () => {
    expect(secretsOf({ site: "hidden", token: 5, password: null, other: "seen" }, new Set(["site"]))).toEqual(
      ["hidden"],
    );
  });

  test.each([
    ["https://ann:hush@db.example/x", true],
    ["see //ann:hush@db then", true],
    ["//a //ann:hush@db", true],
    ["//ann:hu@sh@db", true],
    ["https://ann@db.example", false],
    ["https://ann:@db.example", false],
    ["https://db.example:8080/a@b", false],
    ["ann:hush@db.example", false],
    ["https://db.example/ //x", false],
    ["Server=x;Password=hush;", true],
    ["https://x.example/?sig=abc", true],
    ["https://x.example/?sig=", false],
    ["set key= first", false],
    ["//ann:hush /x@y", false],
    ["https://x.example/?sig=&a", false],
    ["https://x.example/token/abc", false],
  ])("%s carries a password: %s", (value, secret) => {
    expect(secretsOf({ link: value })).toEqual(secret ? [value] : []);
  });

  test("strikes out a word of base64 that holds a secret at any place, and the words around it stay", () => {
    const secret = "hush-hush/secret?";
    const mask = redactor([secret]);
    for (const before of ["", "a", "ab", "abc", "user:"])
      for (const after of ["", "z", ":tail"])
        for (const alphabet of ["base64", "base64url"] as const) {
          const word = Buffer.from(`${before}${secret}${after}`).toString(alphabet);
          expect(mask(`(${word}) and "${word}", then ${word}`)).toBe(
            `(${MASKED}) and "${MASKED}", then ${MASKED}`,
          );
        }
    const other = Buffer.from("something else entirely").toString("base64");
    expect(mask(`${other} stays`)).toBe(`${other} stays`);
  });

  test("strikes out lower-case percent codes and JSON inside of JSON", () => {
    const secret = 'pa"ss/wörd é';
    const mask = redactor([secret]);
    const twice = JSON.stringify(JSON.stringify({ a: secret }));
    expect(mask(twice)).toBe(JSON.stringify(JSON.stringify({ a: MASKED })));
    const lower = encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase());
    expect(mask(`?a=${lower}&b=1`)).toBe(`?a=${MASKED}&b=1`);
  });

  test("a secret that is in another's mask or that is too short changes nothing else", () => {
    expect(redactor(["12345"])("12345 and 123456")).toBe("12345 and 123456");
    expect(redactor(["123456"])("12345 and 123456")).toBe(`12345 and ${MASKED}`);
  });

  test("a header with an unknown token is struck out in each place, and prose about bearers stays", () => {
    const mask = redactor([]);
    const token = "abcdefgh1ijklmno";
    expect(mask(`Authorization: Bearer ${token} x`)).toBe(`Authorization: Bearer ${MASKED} x`);
    expect(mask(`bearer ${token}, Bearer  ${token}=`)).toBe(`bearer ${MASKED}, Bearer ${MASKED}`);
    expect(mask(`Bearer ${token.slice(1)}`)).toBe(`Bearer ${token.slice(1)}`);
    expect(mask(`forbearer ${token}`)).toBe(`forbearer ${token}`);
    expect(mask("authorization: Bearer abcdefghijklmnop")).toBe(`authorization: Bearer ${MASKED}`);
    expect(mask("the bearer abcdefghijklmnop")).toBe("the bearer abcdefghijklmnop");
  });
});
