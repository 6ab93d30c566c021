import type { Database } from "../db/database";
import { QUEUE, type ClaimedJob, type JobQueue } from "../db/queue";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";
import { messageOf } from "../errors";
import type { Outbound } from "../outbound/outbound";
import { postJson, reasonOf } from "./post-json";

/** A message that stands by itself, encrypted with its address while it waits. */
interface Message {
  encrypted: string;
}

/** Messages to somebody outside, each sent until it is taken or was tried for a day. */
export class Messages {
  constructor(
    readonly db: Database,
    readonly queue: JobQueue,
    readonly encryption: Encryption,
    readonly outbound: Outbound,
    readonly log: (message: string) => void,
  ) {}

  /** Sends a JSON body soon. */
  async post(url: string, body: string): Promise<void> {
    const message: Message = { encrypted: this.encryption.encrypt([url, body], encryptedFor.message) };
    await this.db.transaction().execute((tx) => this.queue.send(tx, QUEUE.messages, message));
  }

  async send(job: ClaimedJob): Promise<void> {
    const { encrypted } = job.data as Message;
    try {
      const [url, body] = this.encryption.decrypt<[string, string]>(encrypted, encryptedFor.message);
      await postJson(this.outbound, url, body);
    } catch (error) {
      if (job.retryCount === 0)
        this.log(
          `A connect token's webhook could not be delivered to, and is tried again: ${reasonOf(error)}`,
        );
      throw new Error(messageOf(error));
    }
  }
}
