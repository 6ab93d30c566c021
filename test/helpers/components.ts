import { resolvedProps } from "../../scripts/resolved-props";
import type { AnyApp, AnyComponent } from "../../components";

/** What a step left behind. */
export interface ActionRun {
  result: unknown;
  summary: string | undefined;
  exports: Record<string, unknown>;
}

/** A token of the instance's demo client, by the password grant. */
export async function signIn(url: string, username = "admin", password = "admin"): Promise<string> {
  const response = await fetch(`${url}/oauth_token.do`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "password",
      client_id: "demo-client",
      client_secret: "demo-secret",
      username,
      password,
    }),
  });
  const answer = (await response.json()) as { access_token?: string };
  if (!answer.access_token) throw new Error(`no token for ${username}: ${JSON.stringify(answer)}`);
  return answer.access_token;
}

/** The account of an app, as a platform hands it over. */
export interface Account {
  instance_name: string;
  oauth_access_token: string;
}

export async function account(url: string, username = "admin", password = "admin"): Promise<Account> {
  return { instance_name: url, oauth_access_token: await signIn(url, username, password) };
}

/** `this` of a component: app props with account and methods, given values, defaults for the others. */
export function instanceOf(
  component: AnyComponent,
  auth: Account,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const instance: Record<string, unknown> = {};
  for (const [name, prop] of resolvedProps(component)) {
    if (prop?.type === "app") {
      const bound: Record<string, unknown> = { $auth: { ...auth } };
      for (const [method, code] of Object.entries((prop as unknown as AnyApp).methods ?? {}))
        bound[method] = (code as (...all: unknown[]) => unknown).bind(bound);
      instance[name] = bound;
    } else instance[name] = values[name] ?? prop?.default;
  }
  for (const name of Object.keys(values)) instance[name] ??= values[name];
  return instance;
}

/** Runs an action as a platform does, against the instance behind the account. */
export async function runAction(
  action: AnyComponent,
  auth: Account,
  values: Record<string, unknown> = {},
): Promise<ActionRun> {
  const exports: Record<string, unknown> = {};
  const $ = {
    export: (name: string, value: unknown) => void (exports[name] = value),
    context: { id: "test" },
  };
  const run = action.run as (options: unknown) => unknown;
  const result = await run.call(instanceOf(action, auth, values), { $, steps: {} });
  return { result, summary: exports.$summary as string | undefined, exports };
}

/** The choices of a prop, as the page asks for them. */
export async function propOptions(
  action: AnyComponent,
  auth: Account,
  name: string,
  request: Record<string, unknown> = {},
): Promise<{ label: string; value: string }[]> {
  const prop = resolvedProps(action).find(([key]) => key === name)?.[1];
  const options = prop?.options as (request: unknown) => Promise<{ label: string; value: string }[]>;
  const [app] = Object.entries(instanceOf(action, auth, {}));
  return options.call(app?.[1], { page: 0, prevContext: {}, ...request });
}
