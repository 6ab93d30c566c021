import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The embedded server's folder in `DATA_DIR`: its data, which belong to the server's user, and the password, which is the host's. */
export interface ClusterFolder {
  folder: string;
  data: string;
  passwordFile: string;
}

export function clusterFolder(dataDir: string): ClusterFolder {
  return inFolder(join(dataDir, "postgres"));
}

export function inFolder(folder: string): ClusterFolder {
  return { folder, data: join(folder, "data"), passwordFile: join(folder, "password") };
}

/** Writes a new password, which the database must be told. @returns it. */
export function writePassword({ passwordFile }: ClusterFolder): string {
  const password = randomBytes(24).toString("base64url");
  writeFileSync(passwordFile, password, { mode: 0o600, flush: true });
  return password;
}

export function readPassword({ passwordFile }: ClusterFolder): string {
  return readFileSync(passwordFile, "utf8").trim();
}
