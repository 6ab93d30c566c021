import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SOCKET_FILE } from "./server-command";

/** A path of the folder that is short enough for the socket in it. */
export interface SocketFolder {
  path: string;
  close(): void;
}

/** `sun_path` of a socket address holds so many bytes, its closing zero included: 108 on Linux, 104 on macOS. */
const LONGEST = process.platform === "linux" ? 107 : 103;

export function openSocketFolder(folder: string): SocketFolder {
  if (Buffer.byteLength(join(folder, SOCKET_FILE)) <= LONGEST)
    return { path: folder, close: () => undefined };
  if (process.platform === "linux") {
    const fd = openSync(folder, "r");
    return { path: `/proc/self/fd/${fd}`, close: once(() => closeSync(fd)) };
  }
  const short = mkdtempSync(join(tmpdir(), "pg-"));
  symlinkSync(folder, join(short, "s"));
  return {
    path: join(short, "s"),
    close: once(() => rmSync(short, { recursive: true, force: true })),
  };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
