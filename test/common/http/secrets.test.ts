import { createClient, type Auth, type OAuth, type ServiceNowError } from "../../../common";
import { redact } from "../../../common/http/redact";
import { failure, stubClient, stubTransport, bodyText } from "../stub";

const failed = (task: Promise<unknown>): Promise<ServiceNowError> =>
  task.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: ServiceNowError) => error,
  );

describe("a server that repeats what it was sent", () => {
  const signIns: Array<[string, Auth, string]> = [
    ["token", { type: "token", token: "very-secret-token" }, "very-secret-token"],
    ["password", { type: "basic", username: "ann", password: "pa ss/wörd" }, "pa ss/wörd"],
    ["API key", { type: "apiKey", key: "very-secret-key" }, "very-secret-key"],
  ];
  it.each(signIns)("does not get the %s or the query into the error", async (_kind, auth, secret) => {
    const transport = stubTransport((request) => {
      const words = `${JSON.stringify(request.headers)} ${secret} ${request.url} ${decodeURIComponent(request.url)}`;
      return { status: 400, json: failure(`Bad request: ${words}`, words) };
    });
    const { client } = stubClient(transport, { auth });
    const error = await failed(client.table("incident").page({ query: "short_description=the patient" }));
    const sent = Object.values(transport.requests[0]?.headers ?? {}).at(-1) ?? "none";
    for (const hidden of [secret, sent, "the patient", "the%20patient", "the+patient"])
      expect(JSON.stringify(error) + error.message).not.toContain(hidden);
    expect(error.serverMessage).toContain("Bad request");
  });

  it("does not get the form of the sign-in into the error", async () => {
    const transport = stubTransport((request) => ({
      status: 401,
      json: { error: "access_denied", error_description: `for ${bodyText(request)}` },
    }));
    const auth: OAuth = {
      type: "oauth",
      grant: "password",
      clientId: "cid",
      clientSecret: "s3cret+/=",
      username: "ann",
      password: "pa ss/wörd",
    };
    const error = await failed(stubClient(transport, { auth }).client.table("incident").page());
    expect(error).toMatchObject({ kind: "sign-in", error: "access_denied" });
    const said = `${error.message} ${JSON.stringify(error)} ${String(Reflect.get(error, "description"))}`;
    expect(said).toContain("username=ann");
    expect(said).not.toMatch(/s3cret|pa( |\+|%20)ss/);
  });
});

it("strikes a secret in the forms it travels in, and leaves short words alone", () => {
  expect(redact('a"b c%d a%22b%20c%25d a%22b+c%25d a\\"b c%d', ['a"b c%d'])).toBe("*** *** *** ***");
  expect(redact("no one", ["no"])).toBe("no one");
});

describe("limits of time", () => {
  it.each([Infinity, 2 ** 31, 30 * 24 * 3600 * 1000])(
    "%d ms are no limit that is over at once",
    async (ms) => {
      const waiting = stubTransport(async (request) => {
        expect(request.timeoutMs).toBeLessThan(2 ** 31);
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { json: { result: [] } };
      });
      const { client } = stubClient(waiting, { timeoutMs: ms, deadlineMs: ms, concurrency: 1 });
      const page = (): Promise<unknown> => client.table("incident").page({ timeoutMs: ms, deadlineMs: ms });
      await expect(Promise.all([page(), page()])).resolves.toHaveLength(2);
    },
  );

  it.each([0, -1, Number.NaN])("%d is refused, for a call as for a client", async (ms) => {
    const { client } = stubClient(stubTransport(() => ({ json: { result: [] } })));
    await expect(client.table("incident").page({ timeoutMs: ms })).rejects.toMatchObject({ kind: "usage" });
    await expect(client.table("incident").page({ deadlineMs: ms })).rejects.toMatchObject({ kind: "usage" });
    expect(() =>
      createClient({ instance: "dev1", auth: { type: "token", token: "t" }, timeoutMs: ms }),
    ).toThrow(/timeoutMs/);
  });
});
