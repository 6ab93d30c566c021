import { setTimeout as delay } from "node:timers/promises";
import type { HostConfig } from "../config";
import { DueJobs } from "../db/due-jobs";
import type { Notifications } from "../db/notifications";
import { QUEUE, type JobDefinition, type JobQueue } from "../db/queue";
import { isDatabaseAway } from "../db/unavailable";
import type { DelayedEvents } from "../triggers/delayed-events";
import type { Deliveries } from "../triggers/deliveries";
import type { Messages } from "../triggers/messages";
import type { Turns } from "../triggers/turns";
import { delayedEventJob } from "./delayed-events";
import { deliveryJob } from "./deliveries";
import { housekeepingJob, type HousekeepingServices } from "./housekeeping";
import { messageJob } from "./messages";
import { sourceRunJob } from "./source-runs";
import type { WorkflowServices } from "../workflows/workflow-services";
import { tokenRefreshJob } from "./token-refresh";
import { workflowJobs } from "./workflows";

export interface HostJobServices extends HousekeepingServices {
  config: HostConfig;
  turns: Turns;
  deliveries: Deliveries;
  delayed: DelayedEvents;
  messages: Messages;
  workflows: WorkflowServices;
}

const AWAY_MS = 1000;

/** Everything that is done without anybody waiting at an HTTP request. */
export function hostJobs(services: HostJobServices): JobDefinition[] {
  const { config, turns, deliveries, delayed, messages, tokenRefresh } = services;
  return [
    sourceRunJob(turns, config.maxProcesses, config.timeouts.source),
    delayedEventJob(delayed),
    deliveryJob(deliveries),
    messageJob(messages),
    tokenRefreshJob(tokenRefresh),
    housekeepingJob(services),
    ...workflowJobs(services.workflows, config.maxProcesses, config.timeouts.action),
  ];
}

export interface JobWorkersOptions {
  queue: JobQueue;
  notifications: Notifications;
  jobs: JobDefinition[];
  /** Begin nothing further. */
  stopping: () => void;
  /** End what runs at once. */
  cutOff: () => void;
}

/** The workers of this process for all queues. */
export class JobWorkers {
  readonly jobs: JobDefinition[];
  readonly #options: JobWorkersOptions;
  readonly #due: DueJobs;
  #started = false;

  constructor(options: JobWorkersOptions) {
    this.#options = options;
    this.jobs = options.jobs;
    this.#due = new DueJobs(
      options.queue,
      options.jobs.map(({ name }) => name),
    );
    options.notifications.on("notification", ({ kind }) => {
      if (kind === "jobs") this.#due.look();
    });
    options.notifications.on("missed", () => this.#due.look());
  }

  async start(): Promise<void> {
    const { queue } = this.#options;
    this.#started = true;
    await this.#scheduleHousekeeping();
    for (const job of this.jobs) await queue.work(job);
    this.#due.start();
  }

  /** A database that goes away while the host starts is waited for. */
  async #scheduleHousekeeping(): Promise<void> {
    for (;;)
      try {
        return await this.#options.queue.everyMinute(QUEUE.housekeeping);
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        await delay(AWAY_MS);
      }
  }

  /** Takes nothing new; what runs has `graceMs` to end by itself, and `settleMs` after it was cut off. */
  async stop(graceMs: number, settleMs: number): Promise<void> {
    const { queue, stopping, cutOff } = this.#options;
    stopping();
    await this.#due.stop();
    const timer = setTimeout(cutOff, graceMs);
    if (this.#started) await queue.stop(graceMs + settleMs);
    clearTimeout(timer);
    cutOff();
  }
}
