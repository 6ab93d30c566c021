import { createClient } from "../../../common";
import { failureOf } from "../apis/support";
import { httpServer } from "../stub";

const auth = { type: "none" } as const;
let server: Awaited<ReturnType<typeof httpServer>>;
let asked = 0;

beforeAll(async () => {
  server = await httpServer(() => void asked++);
});
beforeEach(() => void (asked = 0));
afterAll(() => server.close());

describe("B13: the time that is asked for is the time that is given, whatever the list tries", () => {
  it.each([
    ["timeoutMs without a repetition", {}, { timeoutMs: 300, retry: false }],
    ["the same of the client", { timeoutMs: 300, retry: false }, {}],
    ["deadlineMs for the whole list", {}, { timeoutMs: 200, deadlineMs: 500 }],
    ["the same of the client", { deadlineMs: 500, timeoutMs: 200 }, {}],
  ] as const)("%s", async (_name, options, call) => {
    const client = createClient({ instance: server.url, auth, ...options });
    const begun = performance.now();
    expect(await failureOf(client.table("incident").list(call))).toMatchObject({ kind: "timeout" });
    expect(performance.now() - begun).toBeLessThan(1500);
    expect(asked).toBeLessThan(5);
  });
});
