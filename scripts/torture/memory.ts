import { readFileSync } from "node:fs";

/** Peak resident bytes of a process and of its children, from /proc; 0 where there is none. */
export function peakBytes(pid: number | undefined): { own: number; children: number } {
  const of = (id: number | string): number =>
    Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${id}/status`))?.[1] ?? 0) * 1024;
  if (pid === undefined) return { own: 0, children: 0 };
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(/\s+/).filter(Boolean);
  return { own: of(pid), children: Math.max(0, ...children.map(of)) };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
