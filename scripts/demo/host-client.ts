import { readFileSync } from "node:fs";
import type { Program } from "../programs";
import { newSignInLink } from "../sign-in/new-link";

/** One delivered event, as the Connect API gives it: payload, channel, time in ms, summary. */
export interface HostEvent {
  id: string;
  e: Record<string, unknown>;
  k: string;
  ts: number;
  sum?: string;
}

/** The host's HTTP API as a script uses it, with the bearer token from the file the host names when it starts. */
export class HostClient {
  readonly token: string;

  constructor(readonly host: Program) {
    const file = host.announcement.token_file;
    if (typeof file !== "string") throw new Error("The host did not say where its token file is.");
    const credentials = JSON.parse(readFileSync(file, "utf8")) as { token?: string };
    if (!credentials.token) throw new Error(`No token in ${file}.`);
    this.token = credentials.token;
  }

  /** Sends JSON, gives JSON back. Rejects with the host's own error text on any other than a 2xx. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.host.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text.slice(0, 500)}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** A one-time link that signs a browser in to the page; for ten minutes unless fewer seconds are given. */
  async signInLink(seconds?: number): Promise<string> {
    return (await newSignInLink(this.host.url, this.token, seconds)).url;
  }

  /** Every event of a deployed trigger, oldest first. */
  async events(triggerId: string): Promise<HostEvent[]> {
    let events: HostEvent[] = [];
    for (let before = ""; ; before = `&before=${events[0]?.id ?? ""}`) {
      const { data, truncated } = await this.call<{ data: HostEvent[]; truncated?: boolean }>(
        "GET",
        `/v1/connect/local/deployed-triggers/${triggerId}/events?external_user_id=local&n=100000${before}`,
      );
      events = [...data, ...events];
      if (!truncated || data.length === 0) return events;
    }
  }
}
