import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A program of the project that runs as its own process. */
export interface Program {
  name: string;
  url: string;
  /** The whole first line of its stdout, parsed. */
  announcement: Record<string, unknown>;
  process: ChildProcess;
  exited: Promise<{ name: string; reason: string }>;
  /** Asks it to end, and ends it after 10 s. Safe to call twice. */
  stop(): Promise<void>;
}

const root = join(__dirname, "..");

/**
 * Starts `host` or `instance` from its bundle and waits for the JSON line it prints once it listens.
 * Its stderr, and stdout after that line, go to our stderr. Rejects when it ends before. `onSpawn` is called at once, so that the
 * caller can stop it while it starts.
 */
export function startProgram(
  name: "host" | "instance",
  args: string[],
  env: Record<string, string> = {},
  onSpawn: (child: Pick<Program, "stop">) => void = () => undefined,
): Promise<Program> {
  const child = spawn(process.execPath, [join(root, name, "dist", "main.mjs"), ...args], {
    cwd: root,
    // What is measured and tested talks to servers on this machine.
    env: { ALLOWED_NETWORKS: "127.0.0.0/8,::1", ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<{ name: string; reason: string }>((done) =>
    child.once("exit", (code, signal) =>
      done({ name, reason: signal ? `signal ${signal}` : `exit code ${code}` }),
    ),
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
    process.stderr.write(chunk);
  });

  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const hard = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await exited;
    clearTimeout(hard);
  };
  onSpawn({ stop });

  return new Promise((resolve, reject) => {
    void exited.then(({ reason }) =>
      reject(new Error(`The ${name} did not start (${reason}).${said ? "" : " It said nothing."}`)),
    );
    const lines = createInterface({ input: child.stdout });
    let announced = false;
    lines.on("line", (line) => {
      if (announced) return void process.stderr.write(`${line}\n`);
      announced = true;
      try {
        const announcement = JSON.parse(line) as Record<string, unknown>;
        resolve({ name, url: String(announcement.url), announcement, process: child, exited, stop });
      } catch {
        child.kill("SIGKILL");
        reject(
          new Error(`The ${name} should print JSON with its url first, and printed: ${line.slice(0, 200)}`),
        );
      }
    });
  });
}

/** The instance with its demo data and this many incidents, in its own process for as long as the task runs. */
export async function withInstance<T>(incidents: number, task: (url: string) => Promise<T>): Promise<T> {
  const args = ["--port", "0", "--seed", "demo", "--incidents", String(incidents)];
  const program = await startProgram("instance", args);
  try {
    return await task(program.url);
  } finally {
    await program.stop();
  }
}
