import { realpathSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { resolve, sep } from "node:path";
import dgram from "node:dgram";
import net, { isIP, type Socket } from "node:net";
import tls from "node:tls";
import { asText } from "../../../../components/prop-rules";

/**
 * Connections of this process are made by the host, which checks where they go to, and handed over. A process that the system keeps off the network has no
 * other way; elsewhere this holds honest code only.
 */
type Ask = (id: number, host: string, port: number) => void;
interface Answer {
  id: number;
  error?: { message: string; code?: string };
}
interface Waiting {
  connected(socket: Socket): void;
  failed(error: Error): void;
}

/** Parts of Node's sockets that a connection made elsewhere is put into. */
interface Insides {
  _handle: Record<symbol, unknown> | null;
  [key: symbol]: unknown;
}

const waiting = new Map<number, Waiting>();
/** The account's certificates. */
let tlsDefaults: { ca?: string[]; cert?: string; key?: string } = {};

export function useForTls(options: typeof tlsDefaults): void {
  tlsDefaults = options;
}

let nextId = 1;

/** The host's answer to a request for a connection, with the connection itself. */
export function dialed({ id, error }: Answer, socket: Socket | undefined): void {
  const asked = waiting.get(id);
  waiting.delete(id);
  if (!asked) socket?.destroy();
  else if (socket && !error) asked.connected(socket);
  else
    asked.failed(
      Object.assign(new Error(error?.message ?? "The connection was lost on its way."), {
        code: error?.code ?? "ECONNRESET",
      }),
    );
}

/** Lets each connection that code of this process opens be made by the host. */
export function routeConnections(ask: Ask): void {
  const original: unknown = Reflect.get(net.Socket.prototype, "connect");
  if (typeof original !== "function") throw new Error("This Node has no Socket.prototype.connect.");
  net.Socket.prototype.connect = function connect(this: Socket, ...args: unknown[]): Socket {
    const { options, callback } = argumentsOf(args);
    if (options.path !== undefined && options.path !== null) {
      refuseForeignSocket(options.path);
      return Reflect.apply(original, this, args) as Socket;
    }
    if (callback) this.once("connect", callback);
    const host = asText(options.host) || "localhost";
    const port = Number(options.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new RangeError(`Port should be >= 0 and < 65536. Received ${String(options.port)}.`);
    Object.assign(this, { connecting: true });
    const id = nextId++;
    waiting.set(id, {
      connected: (made) => (this.destroyed ? void made.destroy() : adopt(this, made)),
      failed: (error) => {
        if (!this.destroyed) this.destroy(Object.assign(error, { syscall: "connect", address: host, port }));
      },
    });
    ask(id, host, port);
    return this;
  };

  const connectTls = tls.connect as (...args: unknown[]) => tls.TLSSocket;
  tls.connect = (...args: unknown[]) => {
    const { options: given, callback } = argumentsOf(args);
    const options: Record<string, unknown> = { ...tlsDefaults, ...definedOf(given) };
    if (options.socket || options.path) return connectTls(options, callback);
    const host = asText(options.host ?? "localhost");
    const socket = new net.Socket();
    socket.connect({ host, port: Number(options.port) });
    return connectTls(
      { ...options, socket, servername: options.servername ?? (isIP(host) ? "" : host) },
      callback,
    );
  };

  dgram.createSocket = () => {
    throw Object.assign(new Error("Components of this host have no UDP."), { code: "EACCES" });
  };
  syncBuiltinESMExports();
}

/** Sockets of other programs of the machine are theirs; those in the process's own folder are its own. */
function refuseForeignSocket(path: unknown): void {
  const own = realpathSync(tmpdir());
  const asked = typeof path === "string" ? resolve(path) : "";
  if (!asked.includes("\0") && (asked.startsWith(`${own}${sep}`) || asked.startsWith(`${tmpdir()}${sep}`)))
    return;
  throw Object.assign(new Error("Components of this host connect to no sockets of other programs."), {
    code: "EACCES",
  });
}

/** Node's own clients hand over options that nobody has set. */
function definedOf(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** `(options, callback)`, `(port, host, callback)` or `(path, callback)`, as Node's own functions take them. */
function argumentsOf(args: unknown[]): {
  options: Record<string, unknown>;
  callback: (() => void) | undefined;
} {
  // Node hands its own, already normalised arguments on as one array.
  const list = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const callback = list.findLast((item) => typeof item === "function") as (() => void) | undefined;
  const [first, second] = list;
  const further = list.find((item, at) => at > 0 && typeof item === "object" && item !== null) as
    object | undefined;
  if (typeof first === "object" && first !== null)
    return { options: { ...(first as Record<string, unknown>) }, callback };
  if (typeof first === "string" && !/^\d+$/.test(first))
    return { options: { ...further, path: first }, callback };
  return {
    options: { ...further, port: first, ...(typeof second === "string" ? { host: second } : {}) },
    callback,
  };
}

/** Puts the connection that the host made into the socket that the code holds. */
function adopt(socket: Socket, made: Socket): void {
  const [outer, inner] = [socket, made].map((item) => item as unknown as Insides) as [Insides, Insides];
  const handle = inner._handle;
  const owner = handle && symbolOf(handle, "owner_symbol");
  const asyncId = symbolOf(inner, "async_id_symbol");
  if (!handle || !owner || !asyncId) {
    socket.destroy(new Error("This version of Node.js does not take a connection that the host made."));
    return;
  }
  inner._handle = null;
  handle[owner] = socket;
  outer._handle = handle;
  outer[asyncId] = inner[asyncId];
  Object.assign(socket, { connecting: false });
  socket.emit("connect");
  socket.emit("ready");
  if (!socket.isPaused() && !socket.destroyed) socket.read(0);
}

function symbolOf(object: object, description: string): symbol | undefined {
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertySymbols(at).find((symbol) => symbol.description === description);
    if (found) return found;
  }
  return undefined;
}
