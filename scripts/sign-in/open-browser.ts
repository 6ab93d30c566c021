import { spawn } from "node:child_process";
import { platform } from "node:os";

/** Whether a person sits at this machine who may see a window. */
export function hasDesktop(): boolean {
  if (!process.stdout.isTTY || process.env.CI || process.env.SSH_CONNECTION) return false;
  if (platform() === "linux") return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  return platform() === "darwin" || platform() === "win32";
}

/** Opens an address in the person's browser. Where that fails, the printed address is there. */
export function openInBrowser(url: string): void {
  const [command, ...args] = {
    darwin: ["open", url],
    // `start` would need a shell that reads the address; this does not.
    win32: ["rundll32", "url.dll,FileProtocolHandler", url],
  }[platform() as string] ?? ["xdg-open", url];
  const child = spawn(command ?? "xdg-open", args, { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
