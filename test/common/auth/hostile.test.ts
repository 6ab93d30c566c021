import { spawn } from "node:child_process";
import { mkdtemp, readdir, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import {
  createClient,
  fetchToken,
  fileStore,
  isServiceNowError,
  isSignInError,
  memoryStore,
  readToken,
  type OAuth,
  type Token,
  type TokenStore,
} from "../../../common";
import { httpServer, stubClient, stubTransport } from "../stub";

const PASSWORD: OAuth = {
  type: "oauth",
  grant: "password",
  clientId: "cid",
  clientSecret: "csecret",
  username: "admin",
  password: "a password",
};

/** An instance whose token endpoint answers when told to. */
function gatedInstance(): {
  transport: ReturnType<typeof stubTransport>;
  open: () => void;
  asked: () => number;
} {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let asked = 0;
  const transport = stubTransport(async (request) => {
    if (!request.url.endsWith("/oauth_token.do")) return { json: { result: [] } };
    asked++;
    await gate;
    return { json: { access_token: `t${asked}`, expires_in: 1800 } };
  });
  return { transport, open: () => open(), asked: () => asked };
}

function answering(token: Record<string, unknown>): ReturnType<typeof stubTransport> {
  return stubTransport((request) =>
    request.url.endsWith("/oauth_token.do") ? { json: token } : { json: { result: [] } },
  );
}

const outcome = (task: Promise<unknown>): Promise<unknown> =>
  task.then(
    () => "done",
    (error: unknown) => (isServiceNowError(error) ? error.kind : error),
  );

afterEach(() => jest.restoreAllMocks());

describe("a renewal that many calls wait for", () => {
  it("goes on for the other 19 when one of 20 callers gives up, who is let go at once", async () => {
    const { transport, open, asked } = gatedInstance();
    const { client } = stubClient(transport, { auth: PASSWORD, concurrency: 100 });
    const impatient = new AbortController();
    const first = outcome(client.table("incident").page({ signal: impatient.signal }));
    const others = Array.from({ length: 19 }, () => outcome(client.table("incident").page()));
    impatient.abort();
    expect(await first).toBe("aborted");
    open();
    expect(await Promise.all(others)).toEqual(Array.from({ length: 19 }, () => "done"));
    expect(asked()).toBe(1);
  });

  it("is not waited for beyond the call's own deadline, and serves the next call", async () => {
    const { transport, open, asked } = gatedInstance();
    const { client } = stubClient(transport, { auth: PASSWORD });
    expect(await outcome(client.table("incident").page({ deadlineMs: 20 }))).toBe("timeout");
    open();
    expect(await outcome(client.table("incident").page())).toBe("done");
    expect(asked()).toBe(1);
  });

  it("leaves no unhandled rejection behind when everybody gave up and it fails", async () => {
    const seen: unknown[] = [];
    const watch = (reason: unknown): void => void seen.push(reason);
    process.on("unhandledRejection", watch);
    let fail = (): void => undefined;
    const gate = new Promise<void>((resolve) => (fail = resolve));
    const transport = stubTransport(async () => {
      await gate;
      return { status: 401, json: { error: "server_error", error_description: "access_denied" } };
    });
    const { client } = stubClient(transport, { auth: PASSWORD });
    expect(await outcome(client.table("incident").page({ deadlineMs: 5 }))).toBe("timeout");
    fail();
    // A rejection that nobody takes is told after the next turn of the loop.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", watch);
    expect(seen).toEqual([]);
  });
});

describe("a clock that is set back", () => {
  it("does not bring a token back to life", async () => {
    let now = Date.parse("2026-11-21T10:00:00Z");
    let monotonic = performance.now();
    const spy = jest.spyOn(performance, "now").mockImplementation(() => monotonic);
    const transport = stubTransport((request, n) =>
      request.url.endsWith("/oauth_token.do")
        ? { json: { access_token: `t${n}`, expires_in: 1800 } }
        : { json: { result: [] } },
    );
    const { client } = stubClient(transport, { auth: PASSWORD, now: () => now });
    await client.table("incident").page();
    monotonic += 1_800_000;
    now -= 86_400_000;
    await client.table("incident").page();
    spy.mockRestore();
    const tokens = transport.requests.filter(({ url }) => url.endsWith("/oauth_token.do"));
    expect(tokens).toHaveLength(2);
    expect(transport.requests.at(-1)?.headers["authorization"]).toBe("Bearer t3");
  });

  it("does not lengthen a call's deadline", async () => {
    let now = Date.parse("2026-11-21T10:00:00Z");
    const clock = jest.spyOn(Date, "now").mockImplementation(() => (now -= 60_000));
    const transport = stubTransport(() => ({ status: 503 }));
    const client = createClient({
      instance: "dev1",
      auth: { type: "token", token: "t" },
      transport,
      deadlineMs: 50,
      retry: { retries: 1000, baseMs: 5, maxDelayMs: 5 },
    });
    const begun = performance.now();
    const ended = await outcome(client.table("incident").page());
    clock.mockRestore();
    expect(ended).toMatch(/^(server|timeout)$/);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it("does not make the lock of a dead process last for ever", async () => {
    const folder = await mkdtemp(join(tmpdir(), "token-store-"));
    const store = fileStore({ folder, staleMs: 60 });
    await store.set("k", null);
    await writeFile(join(folder, "k.json.lock"), "");
    const future = new Date(Date.now() + 3_600_000);
    await utimes(join(folder, "k.json.lock"), future, future);
    expect(await store.withLock?.("k", async () => "taken over")).toBe("taken over");
  });
});

describe("what a token endpoint may say of a token's life", () => {
  it.each<[string, unknown, number]>([
    ["a text", "1799", 1799],
    ["a text with blanks", " 1799 ", 1799],
    ["nothing", undefined, 1800],
    ["null", null, 1800],
    ["an empty text", "", 1800],
    ["a negative number", -5, 1800],
    ["words", "soon", 1800],
    ["a list", [60], 1800],
    ["zero", 0, 0],
  ])("%s", async (_name, expires_in, lifetime) => {
    const transport = answering({ access_token: "t", expires_in });
    expect(await fetchToken({ instance: "dev1", auth: PASSWORD, transport, now: () => 1000 })).toMatchObject({
      lifetime,
      expiresAt: 1000 + lifetime * 1000,
    });
  });

  it("a token without life serves the call it was made for, and the next call asks anew", async () => {
    const transport = answering({ access_token: "t", expires_in: 0 });
    const { client } = stubClient(transport, { auth: PASSWORD });
    await client.table("incident").page();
    await client.table("incident").page();
    expect(transport.requests.map(({ url }) => url.split("/").pop()?.split("?")[0])).toEqual([
      "oauth_token.do",
      "incident",
      "oauth_token.do",
      "incident",
    ]);
  });

  it.each(["a\nb", "a b", "tökén"])(
    "a token that cannot be sent (%j) is a failed sign-in",
    async (access_token) => {
      const { client } = stubClient(answering({ access_token, expires_in: 60 }), { auth: PASSWORD });
      const error: unknown = await client
        .table("incident")
        .page()
        .catch((caught: unknown) => caught);
      expect(isSignInError(error)).toBe(true);
      expect(String(error)).not.toContain(access_token);
    },
  );
});

describe("a store that cannot be trusted", () => {
  const far = 9e14;
  it.each<[string, unknown]>([
    ["a text", "token"],
    ["a number", 7],
    ["a list", []],
    ["half a token", { accessToken: "t" }],
    ["an end that is no number", { accessToken: "t", expiresAt: "tomorrow" }],
    ["an endless end", { accessToken: "t", expiresAt: Infinity }],
    ["a token with a line break", { accessToken: "t\r\nx: y", expiresAt: far }],
    ["the endpoint's shape with a line break", { access_token: "t\r\nx: y", expires_at: far }],
  ])("holds %s: read as nothing, and a token is had anew", async (_name, kept) => {
    expect(readToken(kept)).toBeNull();
    const store: TokenStore = { get: async () => kept, set: async () => undefined };
    const transport = answering({ access_token: "good", expires_in: 1800 });
    const { client } = stubClient(transport, { auth: { ...PASSWORD, store } });
    await client.table("incident").page();
    expect(transport.requests.at(-1)?.headers["authorization"]).toBe("Bearer good");
  });

  it("throws at everything it is asked: the call goes through, and each failure is reported", async () => {
    const broken = async (): Promise<never> => {
      throw new Error("the disk is gone");
    };
    const problems: string[] = [];
    const { client } = stubClient(answering({ access_token: "good", expires_in: 1800 }), {
      auth: {
        ...PASSWORD,
        store: { get: broken, set: broken, withLock: broken },
        onProblem: ({ during }) => {
          problems.push(during);
          throw new Error("and so is the reporter");
        },
      },
    });
    await client.table("incident").page();
    expect(problems).toEqual(["lock the token store", "read the token store", "write the token store"]);
  });

  it("gives a token that the instance refuses: renewed by its refresh token, once", async () => {
    const stale: Token = {
      accessToken: "old",
      refreshToken: "r0",
      expiresAt: Date.now() + 1e9,
      lifetime: 1800,
      tokenType: "Bearer",
    };
    const store = memoryStore();
    const forms: string[] = [];
    const transport = stubTransport((request) => {
      if (request.url.endsWith("/oauth_token.do")) {
        forms.push(String(new URLSearchParams(String(request.body)).get("grant_type")));
        return { json: { access_token: "new", expires_in: 1800 } };
      }
      return request.headers["authorization"] === "Bearer new"
        ? { json: { result: [] } }
        : { status: 401, json: { error: { message: "User is not authenticated" } } };
    });
    const auth: OAuth = { ...PASSWORD, store, storeKey: "k" };
    await store.set("k", stale);
    const { client } = stubClient(transport, { auth });
    await Promise.all(Array.from({ length: 10 }, () => client.table("incident").page()));
    expect(forms).toEqual(["refresh_token"]);
  });
});

describe("two users of one application over one store", () => {
  const grants: Array<[string, (user: string) => Partial<OAuth>]> = [
    ["password", (user) => ({ grant: "password", username: user, password: "p" })],
    ["refresh_token", (user) => ({ grant: "refresh_token", refreshToken: `refresh-${user}` })],
    [
      "authorization_code",
      (user) => ({ grant: "authorization_code", code: `code-${user}`, redirectUri: "http://127.0.0.1" }),
    ],
    ["jwt_bearer", (user) => ({ grant: "jwt_bearer", assertion: () => user, storeKey: user })],
  ];
  it.each(grants)("never get each other's token: %s", async (_grant, authOf) => {
    const store = memoryStore();
    const transport = stubTransport((request) => {
      if (!request.url.endsWith("/oauth_token.do")) return { json: { result: [] } };
      const who = /(ann|ben)/.exec(String(request.body))?.[1] ?? "nobody";
      return { json: { access_token: `token-of-${who}`, expires_in: 1800 } };
    });
    const app = { type: "oauth", clientId: "c", store } as const;
    for (const user of ["ann", "ben", "ann"]) {
      const { client } = stubClient(transport, { auth: { ...app, ...authOf(user) } as OAuth });
      await client.table("incident").page();
      expect(transport.requests.at(-1)?.headers["authorization"]).toBe(`Bearer token-of-${user}`);
    }
    expect(transport.requests.filter(({ url }) => url.endsWith("/oauth_token.do"))).toHaveLength(2);
  });

  it("where nothing tells them apart, a key is asked for before any request", () => {
    const assertion = (): string => "a";
    expect(() =>
      stubClient(answering({}), {
        auth: { type: "oauth", clientId: "c", grant: "jwt_bearer", assertion, store: memoryStore() },
      }),
    ).toThrow(/storeKey/);
  });
});

it("two clients over one file store, one of which died while it held the lock: the other has its token soon", async () => {
  const folder = await mkdtemp(join(tmpdir(), "token-store-"));
  const library = join(folder, "library.mjs");
  await build({
    entryPoints: [join(__dirname, "../../../common/index.ts")],
    outfile: library,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  });
  const tokens = join(folder, "tokens");
  // Its sign-in never ends: the lock is held for as long as it lives.
  const code = `import { createClient, fileStore } from ${JSON.stringify(library)};
    const transport = () => { console.log("locked"); return new Promise(() => setInterval(() => {}, 1000)); };
    await createClient({ instance: "dev1", transport, auth: { ...${JSON.stringify(PASSWORD)}, storeKey: "k", store: fileStore({ folder: ${JSON.stringify(tokens)} }) } }).table("incident").page();`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", code]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  expect(await readdir(tokens)).toContain("k.json.lock");
  const died = new Promise((resolve) => holder.once("exit", resolve));
  holder.kill("SIGKILL");
  await died;
  const transport = answering({ access_token: "good", expires_in: 1800 });
  const store = fileStore({ folder: tokens, staleMs: 200 });
  const { client } = stubClient(transport, { auth: { ...PASSWORD, storeKey: "k", store } });
  await client.table("incident").page();
  expect(transport.requests.at(-1)?.headers["authorization"]).toBe("Bearer good");
  expect(await readdir(tokens)).toEqual(["k.json"]);
});

it("a holder that was overtaken does not take the lock of its successor away", async () => {
  const folder = await mkdtemp(join(tmpdir(), "token-store-"));
  const slow = fileStore({ folder, staleMs: 30 });
  let letGo = (): void => undefined;
  const held = slow.withLock?.("k", () => new Promise<void>((resolve) => (letGo = resolve)));
  let finish = (): void => undefined;
  await new Promise<void>((begun) => {
    void slow.withLock?.("k", () => {
      begun();
      return new Promise<void>((resolve) => (finish = resolve));
    });
  });
  letGo();
  await held;
  expect(await readdir(folder)).toEqual(["k.json.lock"]);
  finish();
});

it("functions of the caller's that throw are told apart from a broken network, without their text", async () => {
  const leak = async (): Promise<never> => {
    throw new TypeError("vault said: hunter2");
  };
  for (const auth of [
    { type: "token", token: leak },
    { type: "apiKey", key: leak },
    { ...PASSWORD, grant: "jwt_bearer", assertion: leak },
    { ...PASSWORD, grant: "provider", provider: leak },
  ] as OAuth[]) {
    const { client } = stubClient(answering({}), { auth });
    const error: unknown = await client
      .table("incident")
      .page()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: "sign-in" });
    expect(String(error)).toMatch(/function that gives the token failed \(TypeError\)/);
    expect(JSON.stringify(error)).not.toContain("hunter2");
  }
});

it("a renewal does not disturb a download that is under way, and an upload that met the old token is sent again whole", async () => {
  let good = "";
  let count = 0;
  let finish = (): void => undefined;
  const uploads: string[] = [];
  const server = await httpServer((request, response, body) => {
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.url === "/oauth_token.do") {
      good = `t${++count}`;
      return json(200, { access_token: good, expires_in: 1800 });
    }
    if (request.headers.authorization !== `Bearer ${good}`) return json(401, { error: { message: "no" } });
    if (request.method === "POST") {
      uploads.push(body.toString());
      return json(201, { result: { sys_id: "1" } });
    }
    if (request.url?.endsWith("/file")) {
      response.writeHead(200, { "content-type": "text/plain", "content-length": "10" });
      response.write("first");
      finish = () => void response.end(" last");
      return;
    }
    json(200, { result: [] });
  });
  const { attachments } = await import("../../../common");
  const client = createClient({ instance: server.url, auth: PASSWORD });
  const files = attachments(client);
  const download = await files.stream("a".repeat(32));
  good = "revoked";
  await client.table("incident").page();
  expect(good).toBe("t2");
  good = "revoked again";
  const content = (): ReadableStream<Uint8Array> => new Blob(["all of it"]).stream();
  await files.upload({ table: "incident", record: "b".repeat(32) }, { name: "a.txt", content });
  finish();
  expect(await new Response(download.body).text()).toBe("first last");
  expect(uploads).toEqual(["all of it"]);
  expect(count).toBe(3);
  await server.close();
});
