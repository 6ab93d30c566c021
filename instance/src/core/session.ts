import type { User } from "../users/users";

/** What came back. Status 0 with an error is a call that got no answer. */
export interface OutboundAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  error: string;
}

/** What was sent lately, for the people's page and for tests. */
export interface Sent {
  rule: string;
  endpoint: string;
  status: number;
  error?: string;
}

/** The calls of the scripts of one request, with their answers in the order of the calls. */
export interface Outbound {
  answers: OutboundAnswer[];
  /** How many of them the scripts of this attempt have seen. */
  at: number;
}

/** On whose behalf something is read or written, and how. */
export interface Session {
  user: User;
  /** `v1`, `v2` or nothing: links in answers repeat the version of the request. */
  version?: string;
  /** Late commit asked for by a fault, in seconds. */
  commitDelaySeconds?: number;
  /** Share of the rows of a page that a fault hides. */
  hideRows?: number;
  /** Calls of business rules that the request has made so far; only while a request can wait for more. */
  outbound?: Outbound;
  /** What the request waits for after its writes: business rules that run once they are committed. */
  followUps?: Promise<void>[];
}

/** One line of the log that the people's page shows. */
export interface LoggedRequest {
  time: number;
  method: string;
  url: string;
  status: number;
  user: string;
  milliseconds: number;
  faults: string[];
}
