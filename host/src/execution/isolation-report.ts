import { systemMeans } from "./process-command";
import { processUserFor } from "./process-folder";
import type { ProcessSurroundings } from "./process-surroundings";

/**
 * What the system does not offer to keep component processes apart, in sentences for the log; empty when all of it holds.
 * The host starts all the same.
 */
export function missingIsolation({ isolation, folders }: ProcessSurroundings, workerFile: string): string[] {
  const { setpriv, unshare } = systemMeans();
  const missing: string[] = [];
  if (!unshare || !setpriv)
    missing.push(
      "Their network and their /tmp are kept apart by Node.js only, which holds honest code: this system does not allow namespaces (unshare).",
    );
  if (!setpriv)
    missing.push(
      "A process is ended with the host by a thread that looks each second: setpriv is not there.",
    );
  if (process.getuid?.() === 0 && processUserFor(isolation, workerFile, folders) === undefined)
    missing.push(
      "They have no user of their own, though the host is root: it may not act for other users here, or other users cannot read the project's folder.",
    );
  return missing;
}
