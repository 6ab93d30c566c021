import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** The process and all that it started, those of the database included. */
function processTree(root: number): number[] {
  const found = [root];
  for (let at = 0; at < found.length; at += 1) {
    const pid = found[at];
    const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(/\s+/).filter(Boolean);
    found.push(...children.map(Number));
  }
  return found;
}

/**
 * Proportional set size in MB: what the processes hold in memory together, pages that they share counted once. The resident size would
 * count PostgreSQL's shared memory and Node's code once for each process.
 */
export function memoryMb(root: number): number {
  const kilobytes = processTree(root).map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return Math.round(kilobytes.reduce((sum, each) => sum + each, 0) / 1024);
}

/** The most that the processes hold during this time, looked at four times a second. */
export async function peakMemoryMb(root: number, ms: number): Promise<number> {
  let peak = 0;
  for (const end = performance.now() + ms; performance.now() < end; await delay(250))
    peak = Math.max(peak, memoryMb(root));
  return peak;
}

/** Processor time in ms of the process and all that it started, ended ones included. */
export function cpuMs(root: number): number {
  const ticks = processTree(root).map((pid) => {
    const text = read(`/proc/${pid}/stat`);
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * 10;
}

/** Empty for a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
