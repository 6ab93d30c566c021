import { isSignInError, TransportError, type OAuth } from "../../../common";
import type { StubAnswer } from "../stub";
import { call, clientFor } from "./signing-in";

/** A grant that may be asked for twice, as a password may not. */
const APPLICATION = { grant: "client_credentials" } as Partial<OAuth>;
const REFUSED: StubAnswer = {
  status: 401,
  json: { error_description: "access_denied", error: "server_error" },
};

describe("PS-48, AM-30, X9: when a renewal fails", () => {
  it("a dead refresh token falls back to the password", async () => {
    const { fake, client } = clientFor();
    await call(client);
    fake.revoke();
    fake.next.push(REFUSED);
    await call(client);
    expect(fake.asked.map((f) => f["grant_type"])).toEqual(["password", "refresh_token", "password"]);
  });
  it("AM-09, AM-18: with nothing to fall back to it says: sign in again", async () => {
    const { fake, client } = clientFor({ grant: "refresh_token", refreshToken: "r0" });
    fake.next.push(REFUSED);
    const error: unknown = await call(client).catch((e: unknown) => e);
    expect(isSignInError(error)).toBe(true);
    expect(error).toMatchObject({
      kind: "sign-in",
      status: 401,
      error: "server_error",
      description: "access_denied",
    });
    expect(String(error)).toMatch(/Sign in again/);
  });
  it("a code is exchanged once only", async () => {
    const { fake, client } = clientFor({
      grant: "authorization_code",
      code: "c",
      redirectUri: "http://x",
    });
    fake.next.push(REFUSED);
    await expect(call(client)).rejects.toMatchObject({ kind: "sign-in" });
    await expect(call(client)).rejects.toThrow(/Sign in again/);
    expect(fake.asked).toHaveLength(1);
  });
  it("a refused password is never repeated by itself", async () => {
    const { fake, client } = clientFor();
    fake.next.push(REFUSED);
    await expect(call(client)).rejects.toMatchObject({ kind: "sign-in" });
    await expect(call(client)).rejects.toMatchObject({ kind: "sign-in" });
    expect(fake.asked).toHaveLength(1);
  });
  it("the next call tries again after a network failure: nothing is poisoned", async () => {
    const { fake, client } = clientFor(APPLICATION);
    fake.next.push(...Array.from({ length: 3 }, () => new TransportError("network", "ECONNRESET")));
    await expect(call(client)).rejects.toMatchObject({ kind: "network" });
    await call(client);
    expect(fake.asked).toHaveLength(4);
  });
  it("the token endpoint's 5xx is tried again, its 4xx never", async () => {
    const { fake, client } = clientFor(APPLICATION);
    fake.next.push({ status: 503, text: "" }, { status: 502, text: "" });
    await call(client);
    expect(fake.asked).toHaveLength(3);
    const other = clientFor(APPLICATION);
    other.fake.next.push({ status: 400, json: { error: "invalid_request" } });
    await expect(call(other.client)).rejects.toMatchObject({ kind: "sign-in", error: "invalid_request" });
    expect(other.fake.asked).toHaveLength(1);
  });
  it.each<[string, StubAnswer, string, RegExp]>([
    [
      "AM-16, AM-17, PS-51, WM-09, PD-08: the generic refusal lists the causes",
      REFUSED,
      "sign-in",
      /oauth_credential/,
    ],
    [
      "WM-10: an error inside a 200",
      { json: { error: "server_error", error_description: "access_denied" } },
      "sign-in",
      /server_error: access_denied/,
    ],
    ["PD-07: 504", { status: 504, text: "" }, "server", /web service access only/],
    ["a sleeping instance", { text: "<html>Instance Hibernating page</html>" }, "hibernating", /wake/],
    ["another web server", { status: 404, text: "<html>not found</html>" }, "not-servicenow", /web page/],
    ["no token in the answer", { json: { hello: 1 } }, "sign-in", /no access token/],
  ])("%s", async (_name, answer, kind, words) => {
    const { fake, client } = clientFor();
    fake.next.push(answer, answer, answer);
    const error = await call(client).then(
      () => undefined,
      (e: Error) => e,
    );
    expect(error).toMatchObject({ kind });
    expect(error?.message).toMatch(words);
    expect(JSON.stringify(error) + error?.stack).not.toMatch(/pässword|csecret/);
  });
});
