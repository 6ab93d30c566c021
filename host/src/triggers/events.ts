import { EventEmitter } from "node:events";

export interface RunRecord {
  id: string;
  trigger_id: string;
  kind: "poll" | "http" | "deploy" | "activate" | "deactivate";
  started_at: number;
  finished_at: number | null;
  status: "ok" | "error" | "running";
  emitted: number;
  error: { name: string; message: string } | null;
  logs: { ts: number; level: string; message: string }[];
}

export interface EventRecord {
  trigger_id: string;
  id: string;
  /** JSON text of the payload. */
  payload: string;
  channel: string | null;
  ts: number;
  summary: string | null;
}

interface BusEvents {
  emit: [EventRecord];
  run: [RunRecord];
  /** A trigger was made, changed or deleted. */
  trigger: [string];
}

/** News inside this process, for the page's live view. */
export class Events extends EventEmitter<BusEvents> {}
