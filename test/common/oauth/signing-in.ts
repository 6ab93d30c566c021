import { isServiceNowError, type OAuth, type ServiceNow } from "../../../common";
import { failure, stubClient, stubTransport, type StubAnswer, bodyText } from "../stub";

export const PASSWORD: OAuth = {
  type: "oauth",
  grant: "password",
  clientId: "cid",
  clientSecret: "csecret",
  username: "admin",
  password: "pässword",
};

export interface Fake {
  /** Forms sent to the token endpoint. */
  asked: Array<Record<string, string>>;
  revoke(): void;
  now: number;
  /** What the token endpoint answers next, once each, instead of a token. */
  next: Array<StubAnswer | Error>;
  calls: number;
  expiresIn: number;
  refreshEchoes: boolean;
}

/** An instance with a token endpoint: tokens t1, t2 …; the last one that was given is good until it is revoked. */
export function fakeInstance(): { fake: Fake; transport: ReturnType<typeof stubTransport> } {
  let good = "";
  let count = 0;
  const fake: Fake = {
    asked: [],
    revoke: () => void (good = ""),
    now: 1_000_000,
    next: [],
    calls: 0,
    expiresIn: 1800,
    refreshEchoes: false,
  };
  const transport = stubTransport(async (request) => {
    if (!request.url.endsWith("/oauth_token.do")) {
      fake.calls++;
      const held = request.headers["authorization"]?.slice("Bearer ".length);
      await new Promise((resolve) => setImmediate(resolve));
      return held === good
        ? { json: { result: [] } }
        : { status: 401, json: failure("User is not authenticated") };
    }
    const form = Object.fromEntries(new URLSearchParams(bodyText(request)));
    fake.asked.push(form);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const scripted = fake.next.shift();
    if (scripted) return scripted;
    good = `t${++count}`;
    const refresh =
      form["grant_type"] === "refresh_token" && !fake.refreshEchoes ? {} : { refresh_token: `r${count}` };
    return {
      json: {
        access_token: good,
        ...refresh,
        scope: "useraccount",
        token_type: "Bearer",
        expires_in: fake.expiresIn,
      },
    };
  });
  return { fake, transport };
}

/** A client of such an instance, which signs in by password unless told otherwise. */
export function clientFor(auth: Partial<OAuth> = {}): {
  fake: Fake;
  client: ServiceNow;
  transport: ReturnType<typeof stubTransport>;
} {
  const { fake, transport } = fakeInstance();
  const { client } = stubClient(transport, {
    auth: { ...PASSWORD, ...auth } as OAuth,
    now: () => fake.now,
    concurrency: 1000,
  });
  return { fake, client, transport };
}

/** Any call that needs a token. */
export const call = (client: ServiceNow): Promise<unknown> => client.table("incident").page();

/** An instance whose token endpoint gives this. */
export function answering(token: Record<string, unknown>): ReturnType<typeof stubTransport> {
  return stubTransport((request) =>
    request.url.endsWith("/oauth_token.do") ? { json: token } : { json: { result: [] } },
  );
}

/** "done", or the kind of the failure. */
export const outcome = (task: Promise<unknown>): Promise<unknown> =>
  task.then(
    () => "done",
    (error: unknown) => (isServiceNowError(error) ? error.kind : error),
  );
