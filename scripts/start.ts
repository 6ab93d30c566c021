import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { HostClient } from "./demo/host-client";
import { startProgram, type Program } from "./programs";
import { hasDesktop, openInBrowser } from "./sign-in/open-browser";

/** `npm start`: the instance, the host and its page, until Ctrl-C. */
async function main(): Promise<void> {
  const dataDir = resolve(process.env.DATA_DIR ?? ".data");
  const port = portFrom("PORT", 3000);
  const instancePort = portFrom("INSTANCE_PORT", 3001);
  mkdirSync(dataDir, { recursive: true });

  const running: Pick<Program, "stop">[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> =>
    (stopping ??= Promise.all(running.map((program) => program.stop())).then(() => process.exit(code)));
  // Before anything is started: a Ctrl-C during the start must not leave a program behind.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  const start = async (name: "host" | "instance", args: string[], env = {}): Promise<Program> => {
    const started = await startProgram(name, args, env, (child) => void running.push(child));
    if (stopping) await stopping;
    return started;
  };

  try {
    const [instance, host] = await Promise.all([
      start(
        "instance",
        ["--port", String(instancePort), "--seed", "demo", "--data", join(dataDir, "instance.sqlite")],
        {},
      ),
      start("host", ["--port", String(port)], {
        DATA_DIR: dataDir,
        // The link stands in the welcome below, once.
        SIGN_IN_LINK: "off",
        // With a free port of its own the instance's address is not known yet, and the page offers nothing.
        ...(instancePort > 0 ? { DEMO_CONNECTION: demoConnection(instancePort) } : {}),
        ALLOWED_NETWORKS: [process.env.ALLOWED_NETWORKS, ownInstance(instancePort)].filter(Boolean).join(","),
      }),
    ]);
    const client = new HostClient(host);
    console.log(welcome(host.url, await client.signInLink(), instance.url, dataDir));
    // A link of its own, since every user of this machine sees the arguments of programs while they run.
    if (hasDesktop()) openInBrowser(await client.signInLink(60));
    const first = await Promise.race([host.exited, instance.exited]);
    if (!stopping)
      throw new Error(`The ${first.name} stopped by itself (${first.reason}); its own messages stand above.`);
  } catch (error) {
    if (!stopping) {
      console.error(error instanceof Error ? error.message : error);
      console.error(
        `The host uses port ${port} (PORT), the instance ${instancePort} (INSTANCE_PORT), and both keep data in ${dataDir} (DATA_DIR); set others to run beside something else.`,
      );
    }
    await stop(1);
  }
}

/** What the page's card "Use the demo instance" fills in. */
const demoConnection = (instancePort: number): string =>
  JSON.stringify({
    app: "servicenow",
    name: "demo instance",
    address: `http://127.0.0.1:${instancePort}`,
    fields: {
      instance_name: `http://127.0.0.1:${instancePort}`,
      client_id: "demo-client",
      client_secret: "demo-secret",
    },
    user: "admin",
    password: "admin",
  });

function welcome(hostUrl: string, signInLink: string, instanceUrl: string, dataDir: string): string {
  return `
  Workflow host        ${hostUrl}
  ServiceNow instance  ${instanceUrl}

  To sign in to the host's page, open this link within ten minutes. It works once; npm run sign-in makes another.
    ${signInLink}

  To connect an account on the host's page:
    instance name      ${instanceUrl}
    client id          demo-client
    client secret      demo-secret
  and sign in to the instance as admin / admin.

  Ctrl-C stops both. Data is kept in ${dataDir}.
`;
}

/** The instance is the one thing on this machine that the host may connect to. With port 0 the instance picks it, and any port may be it. */
function ownInstance(port: number): string {
  return port === 0 ? "127.0.0.1" : `127.0.0.1:${port}`;
}

function portFrom(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`${name} must be a port number from 0 to 65535, and is "${text}".`);
  return port;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
