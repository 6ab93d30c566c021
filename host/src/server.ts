import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Accounts } from "./accounts/accounts";
import { AuthorizationRequests } from "./accounts/authorization-requests";
import { ConnectTokens } from "./accounts/connect-tokens";
import { buildServer } from "./http/http-server";
import { openDataDir } from "./data-dir";
import { PageSessions } from "./sessions/page-sessions";
import { signInAddress, SignInLinks } from "./sessions/sign-in-links";
import type { HostConfig } from "./config";
import { loadCredentials } from "./credentials";
import { lockDataDir } from "./data-dir-lock";
import { Events } from "./triggers/events";
import { Deliveries, newWebhook } from "./triggers/deliveries";
import { EndpointQueue } from "./triggers/endpoint-queue";
import { Locks } from "./triggers/locks";
import { followEvents } from "./triggers/notifications";
import { forgetAbandonedDeployments, recover } from "./triggers/recovery";
import { Scheduler } from "./triggers/scheduler";
import { SourceRuns } from "./triggers/source-runs";
import { Triggers } from "./triggers/triggers";
import { Execution } from "./execution/execution";
import type { Services } from "./http/services";
import { ComponentRegistry } from "./execution/component-registry";
import { Runtime } from "./execution/runtime";
import { loadEncryption } from "./encryption";
import { openEmbedded, openServer } from "./db/database";
import { DataStores } from "./execution/data-stores";
import { migrate } from "./db/migrations";
import type { TriggerRow } from "./triggers/trigger-rows";

const STOP_GRACE_MS = 5000;

export interface Host {
  services: Services;
  tokenFile: string;
  /** A new one-time link that signs a browser in to the page. */
  signInLink(): Promise<string>;
  /** Starts to run what is due, without answering: one more worker for the same database. */
  work(): Promise<void>;
  /** Starts to answer and to run what is due. @returns its address. */
  listen(): Promise<string>;
  /** Lets what runs come to an end for some seconds, then closes everything. Safe to call twice. */
  close(): Promise<void>;
}

/** Builds the host apart from listening. Rejects with words when its folder is in use or its database cannot be opened. */
export async function buildHost(config: HostConfig): Promise<Host> {
  openDataDir(config.dataDir);
  const log = (message: string): void => void process.stderr.write(`${message}\n`);
  const release = config.databaseUrl ? () => undefined : lockDataDir(config.dataDir);
  const closers: (() => unknown)[] = [release];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const encryption = loadEncryption(config.encryptionKey, config.dataDir);
    const credentials = loadCredentials(config.dataDir, encryption);
    const db = config.databaseUrl
      ? await openServer(config.databaseUrl)
      : await openEmbedded(join(config.dataDir, "database"));
    closers.push(() => db.close());
    await migrate(db);
    const runtime = new Runtime({
      workerFile: config.workerFile,
      maxProcesses: config.maxProcesses,
      limits: { memoryMb: config.memoryMb },
      idleMs: 120_000,
      maxJobs: 1000,
    });
    const registry = new ComponentRegistry(runtime, {
      packages: config.packages,
      cacheFile: join(config.dataDir, "components.json"),
      workerFile: config.workerFile,
      onProblem: log,
    });
    const accounts = new Accounts({ db, encryption, registry, runtime, log });
    const authorizationRequests = new AuthorizationRequests({ db, encryption, registry, runtime, accounts });
    const dataStores = new DataStores(db);
    const execution = new Execution({ config, db, runtime, accounts, dataStores });
    if (db.kind === "embedded") await recover(db);
    const deliveries = new Deliveries(db, encryption, log);
    const connectTokens = new ConnectTokens(db, encryption, (url, body) => deliveries.post(url, body));
    const events = new Events();
    events.setMaxListeners(0);
    const locks = new Locks(db, randomUUID());
    let address = config.publicUrl ?? "";
    const endpointOf = (row: TriggerRow): string =>
      `${config.endpointsUrl ?? address}/http/${row.endpoint_key}`;
    const runs = new SourceRuns({
      db,
      locks,
      encryption,
      registry,
      execution,
      events,
      timeoutMs: config.timeouts.source,
      endpointOf,
      publishes: db.kind === "embedded",
      enqueueDeliveries: (tx, row, events) => deliveries.enqueue(tx, row, events),
    });
    const scheduler = new Scheduler({
      db,
      runs,
      locks,
      concurrency: Math.max(1, config.maxProcesses - 4),
      housekeeping: async () => {
        await forgetAbandonedDeployments(db);
        await endpoints.resume();
        await accounts.refreshDue();
      },
      log,
    });
    const triggers = new Triggers(
      runs,
      events,
      (url) => newWebhook(url, encryption),
      () => scheduler.wake(),
    );
    const endpoints = new EndpointQueue({ db, encryption, triggers, log });
    closers.push(async () => {
      endpoints.stop();
      await Promise.all([scheduler.stop(STOP_GRACE_MS), deliveries.stop()]);
      runtime.stop();
      await Promise.all([scheduler.settled(), endpoints.settled()]);
    });
    const services: Services = {
      config,
      db,
      encryption,
      credentials,
      runtime,
      registry,
      accounts,
      authorizationRequests,
      connectTokens,
      sessions: new PageSessions(db),
      signInLinks: new SignInLinks(db),
      dataStores,
      execution,
      triggers,
      endpoints,
      deliveries,
      events,
      endpointOf,
      log,
    };
    const { app } = await buildServer(services);
    closers.push(() => app.close());
    let closing: Promise<void> | undefined;
    const work = async (): Promise<void> => {
      await deliveries.start();
      scheduler.start();
      await endpoints.resume();
    };
    return {
      services,
      work,
      tokenFile: credentials.file,
      signInLink: async () => signInAddress(address, (await services.signInLinks.create()).code),
      listen: async () => {
        await app.listen({ port: config.port, host: config.host });
        const { port } = app.server.address() as AddressInfo;
        const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
        address ||= url;
        await work();
        if (db.kind === "server") closers.push(followEvents(db, events));
        void registry.components();
        return url;
      },
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
