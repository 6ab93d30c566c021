import { createHash, createPublicKey, createVerify, generateKeyPairSync } from "node:crypto";
import { authorizationRequest, jwtAssertion } from "../../../common";

it("a browser sign-in begins with PKCE S256 and a state without special characters", async () => {
  const { url, state, codeVerifier } = await authorizationRequest({
    instance: "dev1",
    clientId: "cid",
    redirectUri: "http://localhost:1/cb",
  });
  const { origin, pathname, searchParams } = new URL(url);
  expect(origin + pathname).toBe("https://dev1.service-now.com/oauth_auth.do");
  expect(Object.fromEntries(searchParams)).toEqual({
    response_type: "code",
    client_id: "cid",
    redirect_uri: "http://localhost:1/cb",
    scope: "useraccount",
    state,
    code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  expect(state).toMatch(/^[\w-]{20,}$/);
  const other = await authorizationRequest({
    instance: "dev1",
    clientId: "cid",
    redirectUri: "http://localhost:1/cb",
  });
  expect(other.state).not.toBe(state);
});

it("a JWT assertion is signed, fresh each time, and good for the application", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const sign = jwtAssertion({
    clientId: "cid",
    subject: "a@b.c",
    privateKey: pem,
    keyId: "k",
    now: () => 1_000_000,
  });
  const [first, second] = [await sign(), await sign()];
  const [header = "", claims = "", signature = ""] = first.split(".");
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  expect(read(header)).toEqual({ alg: "RS256", typ: "JWT", kid: "k" });
  expect(read(claims)).toMatchObject({ iss: "cid", aud: "cid", sub: "a@b.c", iat: 1000, exp: 1300 });
  const verified = createVerify("RSA-SHA256")
    .update(`${header}.${claims}`)
    .verify(
      createPublicKey(publicKey.export({ type: "spki", format: "pem" })),
      Buffer.from(signature, "base64url"),
    );
  expect(verified).toBe(true);
  expect(second).not.toBe(first);
});
