import { startHost, type TestHost } from "./host";

interface Run {
  exports: Record<string, unknown>;
  os: { k: string; level?: string; message?: string; err?: { name: string; message: string } }[];
  ret: Record<string, unknown>;
  error?: string;
  problems?: { prop: string; message: string }[];
}

interface Described {
  hidden?: boolean;
  remoteOptions?: boolean;
}

let host: TestHost;
let account: string;
const KEY = "sekret/12345+x";

beforeAll(async () => {
  host = await startHost({ env: { HOST_ENCRYPTION_KEY: "B5aDSud4rVSV71ADH2cw0Dj53yUGbiwM2cZXMrFUptE=" } });
  const { body } = await host.call<{ id: string }>(
    "POST",
    "/v1/connect/local/accounts?external_user_id=local",
    {
      app_slug: "conformance",
      cfmap_json: JSON.stringify({ api_key: KEY, user: "ann" }),
    },
  );
  account = body.id;
});
afterAll(() => host?.stop());

const run = (id: string, props: Record<string, unknown>): Promise<{ status: number; body: Run }> =>
  host.call<Run>("POST", "/v1/connect/local/actions/run", { id, configured_props: props });

describe("an action", () => {
  test("gets its props as it declared them: defaults, numbers from texts, labels, methods, an extensible this", async () => {
    const { body } = await run("conformance-echo", {
      conformance: { authProvisionId: account },
      text: "hello",
      count: "4",
      tags: {
        __lv: [
          { label: "One", value: "1" },
          { label: "Two", value: "2" },
        ],
      },
      flag: "true",
      data: '{"a": 1}',
      labelled: { __lv: { label: "L", value: "v" } },
    });
    expect(body.ret).toMatchObject({
      text: "hello",
      count: 4,
      tags: ["1", "2"],
      flag: true,
      data: { a: 1 },
      labelled: { label: "L", value: "v" },
      shade: "dark",
      shout: "HELLO 4",
      extra: "extensible",
    });
    expect(body.exports).toMatchObject({ $summary: "Echoed hello", context: true });
  });

  test("finds nothing of the run before in its environment, nor the host's own settings", async () => {
    const props = { conformance: { authProvisionId: account }, text: "x" };
    await run("conformance-echo", props);
    const { body } = await run("conformance-echo", props);
    expect(body.ret.loadedRuns).toBeGreaterThan(1);
    expect(body.ret.before).toBeNull();
    expect(body.ret.hostSecrets).toEqual([]);
  });

  test("cannot show a secret: not in a result, not in a log, however it is written", async () => {
    const answer = await run("conformance-echo", {
      conformance: { authProvisionId: account },
      text: "x",
      secret: "hush-hush",
    });
    const shown = JSON.stringify(answer);
    expect(shown).toContain("********");
    for (const form of [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString("base64"), "hush-hush"])
      expect(shown).not.toContain(form);
    expect(answer.body.ret.who).toBe(`ann with ${KEY.length} characters`);
  });

  test("is not run when props are missing or wrong, and each is named with what it takes", async () => {
    const { status, body } = await run("conformance-echo", { count: 99, data: 5, tags: {} });
    expect(status).toBe(400);
    expect(body.problems).toEqual([
      { prop: "conformance", message: "is missing; it takes a connected conformance account" },
      { prop: "text", message: "is missing; it takes a text" },
      { prop: "count", message: "must be at most 9, and is 99" },
      { prop: "tags", message: "must be a list of texts, and is an object" },
      { prop: "data", message: "must be an object of names and values, and is 5" },
    ]);
  });

  test("refuses an account of another user or app, and a key nobody has, with near ones", async () => {
    const other = await host.call<Run>("POST", "/v1/connect/local/actions/run", {
      id: "conformance-echo",
      external_user_id: "somebody-else",
      configured_props: { conformance: { authProvisionId: account }, text: "x" },
    });
    expect(other).toMatchObject({ status: 404, body: { error: expect.stringContaining("no account") } });
    const unknown = await run("conformance-ecco", {});
    expect(unknown).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining("conformance-echo") },
    });
  });

  test("may import a package with its version, and keep values in a data store", async () => {
    const { body } = await run("conformance-pinned", { store: "numbers" });
    expect(body.ret).toEqual({ pinned: "function", a: { n: 1 }, hasB: false, entries: [["a", { n: 1 }]] });
  });
});

describe("a form", () => {
  const configure = (body: object): Promise<{ status: number; body: Record<string, unknown> }> =>
    host.call("POST", "/v1/connect/components/configure", { external_user_id: "local", ...body });

  test("pages through the choices of an app's prop, with inputs from the other props and the context handed back", async () => {
    const asked = {
      id: "conformance-echo",
      prop_name: "color",
      configured_props: { conformance: { authProvisionId: account }, text: "blue" },
    };
    const first = await configure(asked);
    expect(first.body).toMatchObject({
      options: [{ label: "BLUE-0", value: "blue-0" }, {}, {}],
      stringOptions: null,
      context: { seen: 3, token: KEY.length },
    });
    const second = await configure({ ...asked, page: 1, prev_context: first.body.context, query: "4" });
    expect(second.body).toMatchObject({ options: [{ value: "blue-4" }], context: { seen: 6 } });
  });

  test("reloads the props that depend on others, from a fresh copy each time", async () => {
    const ask = async (kind: string): Promise<Record<string, Described>> => {
      const { body } = await host.call<{
        dynamicProps: { configurableProps: (Described & { name: string })[] };
      }>("POST", "/v1/connect/components/props", {
        id: "conformance-dynamic",
        external_user_id: "local",
        configured_props: { conformance: { authProvisionId: account }, kind },
      });
      return Object.fromEntries(body.dynamicProps.configurableProps.map((prop) => [prop.name, prop]));
    };
    expect(await ask("b")).toMatchObject({ hiddenOne: { hidden: false } });
    const a = await ask("a");
    expect(a).toMatchObject({ hiddenOne: { hidden: true }, size: { remoteOptions: true } });
    expect(Object.keys(await ask("b"))).toEqual(["conformance", "kind", "hiddenOne"]);
  });

  test("offers the choices of a prop that another prop brought, and runs with its value", async () => {
    const props = { conformance: { authProvisionId: account }, kind: "a" };
    const { body } = await host.call<{ dynamicProps: { id: string } }>(
      "POST",
      "/v1/connect/components/props",
      {
        id: "conformance-dynamic",
        configured_props: props,
      },
    );
    const dynamic_props_id = body.dynamicProps.id;
    const choices = await configure({
      id: "conformance-dynamic",
      prop_name: "size",
      configured_props: props,
      dynamic_props_id,
      query: "!",
    });
    expect(choices.body.options).toEqual([{ label: "a!", value: 7 }]);
    for (const id of [dynamic_props_id, undefined]) {
      const ran = await host.call<Run>("POST", "/v1/connect/local/actions/run", {
        id: "conformance-dynamic",
        configured_props: { ...props, size: "7" },
        dynamic_props_id: id,
      });
      expect(ran.body.ret).toMatchObject({ kind: "a", size: 7 });
    }
  });
});
