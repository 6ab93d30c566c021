import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeAddress } from "./address-file";
import { Accounts } from "./accounts/accounts";
import { ActionRunner } from "./action-runs/action-runner";
import { ActionRuns } from "./action-runs/action-runs";
import { RunningActions } from "./action-runs/running-actions";
import { ActionCalls } from "./agents/call-action";
import { AppDescriptions } from "./accounts/apps/app-descriptions";
import { Apps } from "./accounts/apps/apps";
import { AuthorizationRequests } from "./accounts/authorization-requests";
import { ConnectTokens } from "./accounts/connect-tokens";
import { TokenRefresh } from "./accounts/token-refresh";
import type { HostConfig } from "./config";
import { loadCredentials } from "./credentials";
import { openDataDir } from "./data-dir";
import { LockConnections } from "./db/advisory-lock";
import { connectDatabase } from "./db/connect";
import type { Database } from "./db/database";
import { FreeSpace } from "./db/free-space";
import { migrate } from "./db/migrations";
import { Notifications } from "./db/notifications";
import { JobQueue } from "./db/queue";
import type { TriggerRow } from "./db/schema";
import { isDatabaseAway } from "./db/unavailable";
import { loadEncryption, placeOfKey, type Encryption } from "./encryption";
import { messageOf } from "./errors";
import { bindValues } from "./key-rotation/bind-values";
import { checkKey } from "./key-rotation/key-check";
import { encryptPlainAddresses } from "./key-rotation/plain-addresses";
import { ComponentRegistry } from "./execution/component-registry";
import { DataStores } from "./execution/data-stores";
import { FileStash } from "./execution/file-stash";
import { Execution } from "./execution/execution";
import { missingIsolation } from "./execution/isolation-report";
import { folderOfProcesses } from "./execution/folder-of-processes";
import { Runtime } from "./execution/runtime";
import { buildServer } from "./http/http-server";
import type { Services } from "./http/services";
import { hostJobs, JobWorkers } from "./jobs/jobs";
import { pollPlaces, runPlaces } from "./jobs/source-runs";
import { HostLog } from "./logging";
import { Metrics } from "./metrics";
import { PageSessions } from "./sessions/page-sessions";
import { signInAddress, SignInLinks } from "./sessions/sign-in-links";
import { DelayedEvents } from "./triggers/delayed-events";
import { Deliveries } from "./triggers/deliveries";
import { Events } from "./triggers/events";
import { Messages } from "./triggers/messages";
import { sendRequest } from "./triggers/post-json";
import { enqueueDeliveries, Publisher } from "./triggers/publish";
import { RunEnds } from "./triggers/run-ends";
import { RunPlaces } from "./triggers/run-places";
import { RunRequests } from "./triggers/run-requests";
import { SourceRuns } from "./triggers/source-runs";
import { Triggers } from "./triggers/triggers";
import { Outbound } from "./outbound/outbound";
import { Turns } from "./triggers/turns";
import { workflowServices } from "./workflows/workflow-services";

/** How long runs may go on once the host is told to stop. */
const STOP_GRACE_MS = 5000;
/** After that their processes are ended, and what they saved is written down. */
const SETTLE_MS = 10_000;
/** Before a start that lost the database is tried again. */
const RESTART_MS = 1000;
/** How long after its time limit a call of an agent may take to end and be stored. */
const LATEST_END_MS = 120_000;

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

type Log = (message: string) => void;

/**
 * Builds the host apart from listening. Waits for a database that does not answer, also when it goes away meanwhile, until `signal` ends
 * the wait.
 *
 * @throws Error in words when its folder is in use or its database cannot be opened.
 */
export async function buildHost(config: HostConfig, signal?: AbortSignal): Promise<Host> {
  const hostLog = new HostLog(config.logFormat);
  for (;;)
    try {
      return await buildOnce(config, hostLog, signal);
    } catch (error) {
      if (config.databaseUrl === undefined || signal?.aborted === true || !isDatabaseAway(error)) throw error;
      hostLog.message(`The database went away while the host started: ${messageOf(error)}. Starting again.`);
      await delay(RESTART_MS, undefined, signal ? { signal } : {});
    }
}

async function buildOnce(config: HostConfig, hostLog: HostLog, signal?: AbortSignal): Promise<Host> {
  openDataDir(config.dataDir);
  let count: () => void = () => undefined;
  const log: Log = (message) => {
    count();
    hostLog.message(message);
  };
  const closers: (() => unknown)[] = [];
  const closeAll = async (): Promise<void> => {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
  };
  try {
    const { db, settings, close } = await connectDatabase({
      dataDir: config.dataDir,
      databaseUrl: config.databaseUrl,
      log,
      ...(signal ? { signal } : {}),
    });
    closers.push(close);
    await migrate(db);
    const encryption = loadEncryption(config.encryptionKey, config.dataDir);
    await checkKey(db, encryption, placeOfKey(config.encryptionKey, config.dataDir));
    await encryptPlainAddresses(db, encryption);
    await bindValues(db, encryption);
    const queue = new JobQueue(db, settings, log);
    await queue.start();
    closers.push(() => queue.stop(0));
    const notifications = new Notifications(settings);
    await notifications.start();
    closers.push(() => notifications.stop());
    const locks = new LockConnections(settings);
    closers.push(() => locks.close());
    const address = { url: config.publicUrl ?? "" };
    const { folders, remove } = folderOfProcesses(config.dataDir);
    closers.push(remove);
    const { services, workers } = assemble({
      config,
      db,
      locks,
      queue,
      notifications,
      encryption,
      folders,
      address,
      log,
      logEvent: (facts, text) => hostLog.event(facts, text),
    });
    count = () => services.metrics.message();
    for (const job of workers.jobs) await queue.define(job);
    closers.push(() => workers.stop(STOP_GRACE_MS, SETTLE_MS));
    const { app } = await buildServer(services);
    closers.push(() => app.close());
    let closing: Promise<void> | undefined;
    return {
      services,
      work: () => workers.start(),
      tokenFile: services.credentials.file,
      signInLink: async () => signInAddress(address.url, (await services.signInLinks.create()).code),
      listen: async () => {
        await app.listen({ port: config.port, host: config.host });
        const { port } = app.server.address() as AddressInfo;
        const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
        address.url ||= url;
        await writeAddress(config.dataDir, url);
        logRuns(services);
        await workers.start();
        if (config.followsPackages) closers.push(services.registry.follow());
        else void services.registry.components();
        return url;
      },
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    // What was opened cannot always be closed in order when the database is away; why the start failed is what counts.
    while (closers.length > 0) await closeAll().catch(() => undefined);
    throw error;
  }
}

/** Runs of sources, whichever process did them. */
function logRuns(services: Services): void {
  services.events.on("run", ({ id, trigger_id, kind, status, emitted, error, started_at, finished_at }) =>
    services.logEvent(
      {
        run_id: id,
        trigger_id,
        kind,
        status,
        emitted,
        ms: finished_at === null ? null : finished_at - started_at,
        ...(error ? { error: error.name } : {}),
      },
      "run",
    ),
  );
}

interface Foundation {
  config: HostConfig;
  db: Database;
  locks: LockConnections;
  queue: JobQueue;
  notifications: Notifications;
  encryption: Encryption;
  /** In which each component process gets one. */
  folders: string;
  /** Where the host is reached; known once it listens. */
  address: { url: string };
  log: Log;
  logEvent: Services["logEvent"];
}

/** Builds what the host consists of, each part from those before it. */
function assemble({
  config,
  db,
  locks,
  queue,
  notifications,
  encryption,
  folders,
  address,
  log,
  logEvent,
}: Foundation): {
  services: Services;
  workers: JobWorkers;
} {
  const credentials = loadCredentials(config.dataDir, encryption);
  const surroundings = {
    isolation: { readable: config.packages, permissions: config.componentPermissions },
    outbound: new Outbound(config.allowedNetworks),
    folders,
  };
  const missing = missingIsolation(surroundings, config.workerFile);
  if (missing.length > 0)
    log(`Component processes are kept apart in part only. ${missing.join(" ")} See docs/security.md.`);
  const runtime = new Runtime({
    workerFile: config.workerFile,
    maxProcesses: config.maxProcesses,
    limits: { memoryMb: config.memoryMb },
    surroundings,
    idleMs: 120_000,
    maxJobs: 1000,
  });
  const metrics = new Metrics(db, () => runtime.pool.size);
  runtime.onEnd = (task, outcome, seconds) => metrics.run(task, outcome, seconds);
  const registry = new ComponentRegistry(runtime, {
    packages: config.packages,
    cacheFile: join(config.dataDir, "components.json"),
    workerFile: config.workerFile,
    onProblem: log,
  });
  const apps = new Apps(
    registry,
    runtime,
    new AppDescriptions({
      db,
      readyDir: config.appsDir,
      ownDir: join(config.dataDir, "apps"),
      onProblem: log,
    }),
  );
  const tokenRefresh = new TokenRefresh({ db, queue, encryption, apps, runtime });
  const accounts = new Accounts({ db, encryption, apps, refresh: tokenRefresh });
  const authorizationRequests = new AuthorizationRequests({ db, encryption, apps, runtime, accounts });
  const messages = new Messages(db, queue, encryption, runtime.outbound, log);
  const connectTokens = new ConnectTokens(db, encryption, (url, body) => messages.post(url, body));
  const dataStores = new DataStores(db);
  const stash = new FileStash(config.dataDir, encryption);
  const execution = new Execution({ config, db, runtime, accounts, dataStores, stash });
  const actionRuns = new ActionRuns(db, encryption, config.timeouts.action + LATEST_END_MS);
  const runningActions = new RunningActions(db, notifications);
  const actionRunner = new ActionRunner({
    execution,
    runs: actionRuns,
    running: runningActions,
    stash,
    timeoutMs: config.timeouts.action,
    log,
  });
  const actionCalls = new ActionCalls({
    execution,
    runs: actionRuns,
    running: runningActions,
    accounts,
    stash,
    address: () => address.url,
    timeoutMs: config.timeouts.action,
    logEvent,
  });
  const workflows = workflowServices({
    db,
    queue,
    encryption,
    notifications,
    registry,
    execution,
    runtime,
    accounts,
    dataDir: config.dataDir,
    evaluatorFile: config.evaluatorFile,
    actionTimeoutMs: config.timeouts.action,
    resultBytes: config.resultBytes,
    environment: process.env,
    address: () => address.url,
    post: (url, request) => sendRequest(runtime.outbound, url, request),
  });
  const publisher = new Publisher([enqueueDeliveries(queue), workflows.starts.onPublish]);
  const endpointOf = (row: TriggerRow): string =>
    `${config.endpointsUrl ?? address.url}/http/${row.endpoint_key}`;
  const runs = new SourceRuns({
    db,
    queue,
    publisher,
    encryption,
    registry,
    execution,
    timeoutMs: config.timeouts.source,
    endpointOf,
    stash,
    address: () => address.url,
  });
  const requests = new RunRequests({ db, queue, notifications, encryption });
  const triggers = new Triggers({ db, locks, queue }, runs, requests);
  workflows.useTriggers(triggers);
  const turns = new Turns({
    db,
    queue,
    notifications,
    requests,
    runs,
    ends: new RunEnds({ db, queue, publisher, requests, log }),
    places: new RunPlaces(runPlaces(config.maxProcesses)),
    furtherPlaces: pollPlaces(config.maxProcesses).further,
  });
  const deliveries = new Deliveries({ db, queue, encryption, outbound: runtime.outbound, log });
  const delayed = new DelayedEvents(db, queue, publisher);
  const workers = new JobWorkers({
    queue,
    notifications,
    jobs: hostJobs({
      db,
      queue,
      config,
      turns,
      deliveries,
      delayed,
      messages,
      tokenRefresh,
      connectTokens,
      authorizationRequests,
      workflows,
      triggers,
      actionRuns,
      stash,
    }),
    stopping: () => {
      turns.stop();
      triggers.stop();
    },
    cutOff: () => {
      deliveries.stop();
      workflows.stop();
      runtime.stop();
    },
  });
  return {
    workers,
    services: {
      config,
      db,
      queue,
      encryption,
      credentials,
      runtime,
      registry,
      apps,
      accounts,
      authorizationRequests,
      connectTokens,
      sessions: new PageSessions(db),
      signInLinks: new SignInLinks(db),
      dataStores,
      execution,
      triggers,
      requests,
      workflows,
      stash,
      actions: { runs: actionRuns, runner: actionRunner, running: runningActions },
      agents: { calls: actionCalls, runs: actionRuns, execution },
      events: new Events(db, notifications),
      ...(config.databaseUrl ? {} : { freeSpace: new FreeSpace(config.dataDir) }),
      endpointOf,
      log,
      logEvent,
      metrics,
    },
  };
}
