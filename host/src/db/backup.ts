import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pg from "pg";
import { writeBaseBackup } from "./base-backup";
import { connectionOfRunning, EmbeddedServer, type EmbeddedConnection } from "./embedded-server";

export interface BackupResult {
  file: string;
  bytes: number;
  /** Whether a host was using the database, and went on. */
  running: boolean;
}

/**
 * Copies the embedded database of a data folder to a file, made whole or not at all; a host that runs there goes on working. The file
 * holds everything that the database holds, with the secrets encrypted, and not the key.
 *
 * @throws Error when the file is there already, there is no database, or the copy fails.
 */
export async function backup(dataDir: string, path: string): Promise<BackupResult> {
  const file = resolve(path);
  if (existsSync(file)) throw new Error(`${file} is there already. Name a new file.`);
  const running = connectionOfRunning(dataDir);
  try {
    if (await answers(running.connection))
      return { ...(await copyTo(file, running.connection)), running: true };
  } finally {
    running.close();
  }
  const server = await EmbeddedServer.start({
    dataDir,
    log: (message) => void process.stderr.write(`${message}\n`),
  });
  try {
    return { ...(await copyTo(file, server.connection)), running: false };
  } finally {
    await server.stop();
  }
}

/** @throws Error of a server that is there and refuses. */
async function answers(connection: EmbeddedConnection): Promise<boolean> {
  const client = new pg.Client(connection);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    if (["ENOENT", "ECONNREFUSED"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

async function copyTo(
  file: string,
  connection: EmbeddedConnection,
): Promise<{ file: string; bytes: number }> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    await writeBaseBackup(connection, createWriteStream(partial, { mode: 0o600, flush: true, flags: "wx" }));
    await readWhole(partial);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  return { file, bytes: statSync(file).size };
}

/** Reads the file back: the checksums of its compression tell whether it can be unpacked. */
async function readWhole(file: string): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(createReadStream(file), createGunzip(), nowhere);
}
