import { generateKeyPairSync } from "node:crypto";
import { Server, utils, type Attributes, type FileEntry, type SFTPWrapper } from "ssh2";
import type { AddressInfo } from "node:net";

const { STATUS_CODE } = utils.sftp;

interface SftpServer {
  port: number;
  /** The key with which its one user signs in. */
  privateKey: string;
  /** Contents by path. */
  files: Map<string, Buffer>;
  stop(): Promise<void>;
}

/** An SFTP server with one folder, in memory. */
export async function startSftp(): Promise<SftpServer> {
  const pem = (): string =>
    generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
    }).privateKey;
  const privateKey = pem();
  const parsed = utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const allowed = parsed.getPublicSSH();
  const files = new Map<string, Buffer>([["/public/first.txt", Buffer.from("one")]]);
  const server = new Server({ hostKeys: [pem()] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (attempt) => {
      if (attempt.method === "publickey" && attempt.key.data.equals(allowed)) attempt.accept();
      else attempt.reject(["publickey"]);
    });
    client.on("session", (accept) => accept().on("sftp", (open) => serve(open(), files)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  return {
    port: (server.address() as AddressInfo).port,
    privateKey,
    files,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

const attributes = (size: number, isFolder = false): Attributes => ({
  mode: isFolder ? 0o40755 : 0o100644,
  uid: 0,
  gid: 0,
  size,
  atime: 1_700_000_000,
  mtime: 1_700_000_000,
});

function serve(sftp: SFTPWrapper, files: Map<string, Buffer>): void {
  const open = new Map<number, { path: string; listed?: boolean }>();
  let next = 1;
  const handle = (path: string): Buffer => {
    const id = Buffer.alloc(4);
    id.writeUInt32BE(next);
    open.set(next++, { path });
    return id;
  };
  const at = (id: Buffer): { path: string; listed?: boolean } => open.get(id.readUInt32BE(0)) ?? { path: "" };
  sftp.on("REALPATH", (request, path) =>
    sftp.name(request, [{ filename: path === "." ? "/" : path, longname: "", attrs: attributes(0, true) }]),
  );
  const stat = (request: number, path: string): void => {
    const file = files.get(path);
    if (file) sftp.attrs(request, attributes(file.length));
    else if ([...files.keys()].some((name) => name.startsWith(`${path}/`)))
      sftp.attrs(request, attributes(0, true));
    else sftp.status(request, STATUS_CODE.NO_SUCH_FILE);
  };
  sftp.on("STAT", stat);
  sftp.on("LSTAT", stat);
  sftp.on("OPENDIR", (request, path) => sftp.handle(request, handle(path)));
  sftp.on("READDIR", (request, id) => {
    const folder = at(id);
    if (folder.listed) return sftp.status(request, STATUS_CODE.EOF);
    folder.listed = true;
    const entries = [...files].flatMap(([path, content]): FileEntry[] => {
      const name = path.slice(folder.path.length + 1);
      if (!path.startsWith(`${folder.path}/`) || name.includes("/")) return [];
      return [
        {
          filename: name,
          longname: `-rw-r--r-- 1 a a ${content.length} ${name}`,
          attrs: attributes(content.length),
        },
      ];
    });
    sftp.name(request, entries);
  });
  sftp.on("OPEN", (request, path) => {
    files.set(path, Buffer.alloc(0));
    sftp.handle(request, handle(path));
  });
  sftp.on("WRITE", (request, id, offset, data) => {
    const { path } = at(id);
    const before = files.get(path) ?? Buffer.alloc(0);
    files.set(path, Buffer.concat([before.subarray(0, offset), data]));
    sftp.status(request, STATUS_CODE.OK);
  });
  sftp.on("FSETSTAT", (request) => sftp.status(request, STATUS_CODE.OK));
  sftp.on("SETSTAT", (request) => sftp.status(request, STATUS_CODE.OK));
  sftp.on("CLOSE", (request) => sftp.status(request, STATUS_CODE.OK));
}
