import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { present } from "../../helpers/present";
import { startHost, temporaryFolder, until } from "../host";
import { FILES } from "./components";

interface Ran {
  ret: unknown;
  exports: Record<string, unknown>;
  os: unknown[];
  error?: string;
}
type Payload = Record<string, unknown>;

/** A host with the components that the probes use, and what the probes ask of it. */
export interface PlatformHost {
  /** An account of the probes' app. */
  account: { authProvisionId: string };
  answer(action: string, props: object): Promise<Ran>;
  /** What the action returned. @throws Error with what went wrong. */
  run(action: string, props: object): Promise<unknown>;
  options(action: string, prop: string, props: object, more: object): Promise<unknown>;
  props(action: string, props: object): Promise<Payload[]>;
  /** @returns the trigger's id. @throws Error with the refusal. */
  deploy(source: string, props: object): Promise<string>;
  poll(trigger: string): Promise<void>;
  pause(trigger: string): Promise<void>;
  /** Payloads of its events, once there are so many. */
  events(trigger: string, least: number): Promise<Payload[]>;
  /** Payloads after its first poll. */
  eventsOf(source: string, props: object): Promise<Payload[]>;
  runs(trigger: string): Promise<Payload[]>;
  post(trigger: string, headers: Record<string, string>, body: string, query?: string): Promise<Response>;
  stop(): Promise<void>;
}

export async function startPlatformHost(): Promise<PlatformHost> {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const host = await startHost({ env: { COMPONENT_PACKAGES: folder } });
  const user = { external_user_id: "local" };
  const connect = "/v1/connect/local";
  const made = await host.call<{ id: string }>("POST", `${connect}/accounts`, {
    ...user,
    app_slug: "probe_app",
    cfmap_json: JSON.stringify({ name: "Sue" }),
  });
  const post = async <T>(path: string, body: object): Promise<T> => {
    const answer = await host.call<T & { error?: string }>("POST", connect + path, { ...user, ...body });
    if (answer.status >= 300) throw new Error(answer.body.error);
    return answer.body;
  };
  const answer = (action: string, props: object): Promise<Ran> =>
    post<Ran>("/actions/run", { id: `probe-${action}`, configured_props: props });
  const events = (trigger: string, least: number): Promise<Payload[]> =>
    until(`${least} events`, async () => {
      const { body } = await host.call<{ data: { e: Payload }[] }>(
        "GET",
        `${connect}/deployed-triggers/${trigger}/events?external_user_id=local`,
      );
      return body.data.length >= least && body.data.map(({ e }) => e);
    });
  const runs = async (trigger: string): Promise<Payload[]> =>
    (await host.call<Payload[]>("GET", `/api/triggers/${trigger}/runs`)).body;
  const deploy = async (source: string, props: object): Promise<string> =>
    (
      await post<{ data: { id: string } }>("/triggers/deploy", {
        id: `probe-${source}`,
        configured_props: props,
      })
    ).data.id;
  return {
    account: { authProvisionId: made.body.id },
    answer,
    async run(action, props) {
      const { ret, os } = await answer(action, props);
      const failure = os.find((item) => (item as { k: string }).k === "error");
      if (failure) throw new Error(JSON.stringify(failure));
      return ret;
    },
    async options(action, prop, props, more) {
      const asked = { id: `probe-${action}`, prop_name: prop, configured_props: props, ...more };
      return (await post<{ stringOptions: unknown }>("/actions/configure", asked)).stringOptions;
    },
    async props(action, props) {
      const asked = { id: `probe-${action}`, configured_props: props };
      const { dynamicProps } = await post<{ dynamicProps: { configurableProps: Payload[] } }>(
        "/actions/props",
        asked,
      );
      return dynamicProps.configurableProps;
    },
    deploy,
    async poll(trigger) {
      await host.call("POST", `/api/triggers/${trigger}/run`);
    },
    async pause(trigger) {
      await host.call("PUT", `${connect}/deployed-triggers/${trigger}?external_user_id=local`, {
        active: false,
      });
    },
    events,
    async eventsOf(source, props) {
      const trigger = await deploy(source, props);
      await until("the first poll", async () => (await runs(trigger)).some(({ kind }) => kind === "poll"));
      return events(trigger, 0);
    },
    runs,
    async post(trigger, headers, body, query = "") {
      const { body: shown } = await host.call<{ data: { endpoint_url?: string } }>(
        "GET",
        `${connect}/deployed-triggers/${trigger}?external_user_id=local`,
      );
      return fetch(present(shown.data.endpoint_url) + query, {
        method: "POST",
        headers,
        ...(body === "" ? {} : { body }),
      });
    },
    async stop() {
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
