import { windmillStore } from "../../../common";
import { stubClient } from "../stub";
import { call, fakeInstance, PASSWORD } from "./signing-in";

describe("WM-01, WM-12, WM-26: the Windmill store", () => {
  it.each(["variable", "state"] as const)(
    "keeps a token in a %s, and takes a missing one for none",
    async (place) => {
      const kept = new Map<string, unknown>();
      const read = async (path?: string): Promise<never> => {
        if (!kept.has(path ?? "")) throw new Error("404");
        return kept.get(path ?? "") as never;
      };
      const windmill = {
        getVariable: read,
        getState: read,
        setVariable: async (path: string, value: string, secret?: boolean) =>
          void (expect(secret).toBe(true), kept.set(path, value)),
        setState: async (value: unknown, path?: string) => void kept.set(path ?? "", value),
      };
      const { fake, transport } = fakeInstance();
      const run = (): Promise<unknown> =>
        call(
          stubClient(transport, {
            auth: { ...PASSWORD, store: windmillStore(windmill, { in: place }) },
            now: () => fake.now,
          }).client,
        );
      await run();
      await run();
      expect(fake.asked).toHaveLength(1);
      expect(JSON.stringify([...kept])).not.toContain("r1");
    },
  );
  it("keys that begin alike are kept apart", async () => {
    const kept = new Map<string, unknown>();
    const store = windmillStore(
      {
        getVariable: async () => "",
        setVariable: async () => undefined,
        getState: async (path = "") => kept.get(path),
        setState: async (value, path = "") => void kept.set(path, value),
      },
      { in: "state" },
    );
    const token = (accessToken: string) => ({ accessToken, expiresAt: 5, lifetime: 5, tokenType: "Bearer" });
    const customer = "connection-of-the-customer-";
    await store.set(`${customer}ann`, token("a"));
    await store.set(`${customer}ben`, token("b"));
    expect(await store.get(`${customer}ann`)).toMatchObject({ accessToken: "a" });
  });
});
