import { createClient, optionsFromEnv, optionsFromJson } from "../../../common";

describe("AM-21: a connection from the environment", () => {
  it.each([
    [{ SERVICENOW_TOKEN: "t" }, { type: "token", token: "t" }],
    [{ SERVICENOW_API_KEY: "k" }, { type: "apiKey", key: "k" }],
    [
      { SERVICENOW_USERNAME: "u", SERVICENOW_PASSWORD: "p" },
      { type: "basic", username: "u", password: "p" },
    ],
    [
      {
        SERVICENOW_CLIENT_ID: "c",
        SERVICENOW_CLIENT_SECRET: "s",
        SERVICENOW_USERNAME: "u",
        SERVICENOW_PASSWORD: "p",
      },
      { type: "oauth", grant: "password", clientId: "c", clientSecret: "s", username: "u", password: "p" },
    ],
    [
      { SERVICENOW_CLIENT_ID: "c", SERVICENOW_CLIENT_SECRET: "s" },
      { type: "oauth", grant: "client_credentials", clientId: "c", clientSecret: "s" },
    ],
    [
      { SERVICENOW_CLIENT_ID: "c", SERVICENOW_REFRESH_TOKEN: "r" },
      { type: "oauth", grant: "refresh_token", clientId: "c", refreshToken: "r" },
    ],
  ])("%j", (env, auth) => {
    const options = optionsFromEnv({ SERVICENOW_INSTANCE: "dev1", ...env });
    expect(options).toEqual({ instance: "dev1", auth });
    expect(createClient(options).origin).toBe("https://dev1.service-now.com");
  });
  it("a password keeps its blanks", () => {
    const env = { SERVICENOW_INSTANCE: "dev1", SERVICENOW_USERNAME: " u ", SERVICENOW_PASSWORD: " p " };
    expect(optionsFromEnv(env).auth).toEqual({ type: "basic", username: "u", password: " p " });
  });
  it("a grant is not passed over: without its client id, or beside a token, the connection is refused", () => {
    const env = { SERVICENOW_INSTANCE: "dev1", SERVICENOW_GRANT: "password" };
    const user = { SERVICENOW_USERNAME: "u", SERVICENOW_PASSWORD: "p" };
    expect(() => optionsFromEnv({ ...env, ...user })).toThrow(/SERVICENOW_CLIENT_ID is missing/);
    expect(() => optionsFromEnv({ ...env, ...user, SERVICENOW_TOKEN: "t" })).toThrow(
      /SERVICENOW_TOKEN and SERVICENOW_GRANT/,
    );
  });
  it("names the variable that is missing and never a value", () => {
    expect(() => optionsFromEnv({})).toThrow(/SERVICENOW_INSTANCE is missing/);
    const env = { SERVICENOW_INSTANCE: "dev1", SERVICENOW_USERNAME: "u-secret" };
    expect(() => optionsFromEnv(env)).toThrow(/^SERVICENOW_PASSWORD is missing/);
    expect(() => optionsFromEnv(env)).not.toThrow(/u-secret/);
  });
});

describe("AM-22: a connection from JSON is checked", () => {
  it("and taken when it is right", () => {
    expect(optionsFromJson({ instance: "dev1", token: "t" })).toEqual({
      instance: "dev1",
      auth: { type: "token", token: "t" },
    });
  });
  it.each([
    [[], /not a JSON object/],
    [{ instance: "dev1", user: "x" }, /unknown names: user/],
    [{ instance: 5 }, /Not a text/],
    [{ instance: "dev1", clientId: "c", grant: "magic" }, /cannot be configured/],
  ])("%j is refused", (value, words) => expect(() => optionsFromJson(value)).toThrow(words));
});
