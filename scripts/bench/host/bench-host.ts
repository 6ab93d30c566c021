import { join } from "node:path";
import type pg from "pg";
import type { HostClient } from "../../demo/host-client";
import { HostFolder } from "../../hosts/host-folder";
import type { Program } from "../../programs";
import { until } from "../../figures";

/** The fixture components of the host's tests: their own work is next to nothing, so that the host is what is measured. */
const FIXTURES = join(__dirname, "../../../test/host/fixtures");

/** A host with an empty embedded database, in its own process, and a client with its bearer token. */
export interface BenchHost {
  program: Program;
  client: HostClient;
  /** The rows of a query in the host's own database. */
  query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  /** The environment of a further worker for the same database. */
  workerEnv: Record<string, string>;
}

/** Starts a host for one measurement, and removes all of it afterwards. */
export async function withHost<T>(
  measure: (host: BenchHost) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  const folder = new HostFolder([FIXTURES], env);
  const { program, client } = await folder.start();
  try {
    return await measure({
      program,
      client,
      query: (text, values) => folder.query(text, values),
      workerEnv: { ...folder.env, DATABASE_URL: folder.databaseUrl },
    });
  } finally {
    await program.stop();
    await folder.remove();
  }
}

/** Deploys a trigger of a fixture component. @returns its id. */
export async function deploy(
  client: HostClient,
  component: string,
  props: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<string> {
  const { data } = await client.call<{ data: { id: string } }>("POST", "/v1/connect/local/triggers/deploy", {
    id: component,
    external_user_id: "local",
    configured_props: props,
    emit_on_deploy: false,
    ...more,
  });
  return data.id;
}

/** A source that counts up. Unless it has a timer of its own it polls once, as every new trigger does, and then when it is told to. */
export function deployCounter(
  client: HostClient,
  props: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<string> {
  return deploy(client, "conformance-counter", { timer: { intervalSeconds: 86_400 }, ...props }, more);
}

/** The same, once its first poll has ended. */
export async function deployPolled(
  client: HostClient,
  props: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<string> {
  const trigger = await deployCounter(client, props, more);
  await firstPoll(client, trigger);
  return trigger;
}

/** Resolves when the first poll of the trigger has ended. */
export async function firstPoll(client: HostClient, trigger: string): Promise<void> {
  const runs = `/api/triggers/${trigger}/runs?limit=5`;
  await until("the first poll", async () =>
    (await client.call<{ kind: string; status: string }[]>("GET", runs)).some(
      ({ kind, status }) => kind === "poll" && status === "ok",
    ),
  );
}

/** Polls once, now. Rejects unless the poll ended well. */
export async function poll(client: HostClient, trigger: string): Promise<void> {
  const run = await client.call<{ status: string; error?: unknown }>("POST", `/api/triggers/${trigger}/run`);
  if (run.status !== "ok") throw new Error(`A poll ended as "${run.status}": ${JSON.stringify(run.error)}`);
}
