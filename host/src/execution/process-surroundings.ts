import type { Outbound } from "../outbound/outbound";
import type { Isolation } from "./process-command";

/** What a process is kept apart by, and its way out. Without it the process has the rights of whoever started it. */
export interface ProcessSurroundings {
  isolation: Isolation;
  outbound: Outbound;
  /** Folder of the host's own, in which each process gets one. */
  folders: string;
}
