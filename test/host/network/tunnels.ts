import { createServer as createHttpServer } from "node:http";
import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { KeyPair } from "./certificates";

/** A server on loopback. */
interface Listening {
  port: number;
  stop(): Promise<void>;
}

async function listening(server: Server): Promise<Listening> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of open) socket.destroy();
      }),
  };
}

export interface TlsFront extends Listening {
  /** Common names of the client certificates that came. */
  clients: string[];
}

/** TLS in front of a plain server. With `clientAuthority` only clients with a certificate of it get in. */
export async function startTlsFront(
  targetPort: number,
  own: KeyPair,
  clientAuthority?: string,
): Promise<TlsFront> {
  const clients: string[] = [];
  const server = createTlsServer(
    {
      cert: own.certificate,
      key: own.key,
      ...(clientAuthority ? { ca: [clientAuthority], requestCert: true, rejectUnauthorized: true } : {}),
    },
    (socket) => {
      const name = clientAuthority ? socket.getPeerCertificate().subject.CN : undefined;
      if (typeof name === "string") clients.push(name);
      const target = connect(targetPort, "127.0.0.1");
      socket.pipe(target).pipe(socket);
      target.on("error", () => socket.destroy());
      socket.on("error", () => target.destroy());
    },
  );
  server.on("tlsClientError", () => undefined);
  return { ...(await listening(server)), clients };
}

export interface Proxy extends Listening {
  url: string;
  /** `host:port` of each connection that was asked for. */
  asked: string[];
}

/** An HTTP proxy that knows CONNECT, asks for a user and a password, and leads names to servers on loopback. */
export async function startProxy(ports: (host: string, port: number) => number | undefined): Promise<Proxy> {
  const asked: string[] = [];
  const server = createHttpServer();
  const credentials = `Basic ${Buffer.from("traveller:through the wall").toString("base64")}`;
  server.on("connect", (request, socket: Socket) => {
    socket.on("error", () => undefined);
    if (request.headers["proxy-authorization"] !== credentials)
      return socket.end('HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm="wall"\r\n\r\n');
    asked.push(request.url ?? "");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const target = ports(host, Number(port));
    if (target === undefined) return socket.end("HTTP/1.1 502 Nowhere\r\n\r\n");
    const onward = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
  });
  const own = await listening(server);
  return { ...own, asked, url: `http://traveller:through%20the%20wall@127.0.0.1:${own.port}` };
}
