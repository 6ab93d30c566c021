import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import pg from "pg";
import type { EmbeddedConnection } from "./embedded-server";

/** The methods of `pg`'s connection that a custom query uses; its types leave them out. */
interface WireConnection {
  query(text: string): void;
  stream: { pause(): void; resume(): void };
}

/** Kinds of messages within PostgreSQL's `BASE_BACKUP` stream, by their first byte. */
const NEW_ARCHIVE = "n".charCodeAt(0);
const DATA = "d".charCodeAt(0);

const COMMAND =
  "BASE_BACKUP (LABEL 'servicenow-components', CHECKPOINT 'fast', WAL true, MANIFEST 'no', COMPRESSION 'gzip', COMPRESSION_DETAIL 'level=3')";

/**
 * Writes a base backup of PostgreSQL to `output` and ends it: a gzipped tar archive of the whole server as it is when the copy ends. The server
 * keeps serving queries.
 *
 * @throws Error with the server's own words, or of the stream.
 */
export async function writeBaseBackup(connection: EmbeddedConnection, output: Writable): Promise<void> {
  const config = { ...connection, replication: "true" };
  const client = new pg.Client(config);
  client.on("error", () => undefined);
  await client.connect();
  try {
    await new Promise<void>((resolve, reject) => {
      output.once("error", reject);
      client.query(baseBackup(output, resolve, reject));
    });
    output.end();
    await finished(output);
  } finally {
    await client.end();
  }
}

/** A query for `pg`, which passes each message of the server to it. */
function baseBackup(output: Writable, resolve: () => void, reject: (error: Error) => void): pg.Submittable {
  let archives = 0;
  const handlers = {
    submit: (connection: WireConnection) => connection.query(COMMAND),
    handleRowDescription: () => undefined,
    handleDataRow: () => undefined,
    handleCommandComplete: () => undefined,
    handleEmptyQuery: () => undefined,
    handlePortalSuspended: () => undefined,
    handleReadyForQuery: () => resolve(),
    handleError: (error: Error) => reject(error),
    handleCopyData: ({ chunk }: { chunk: Buffer }, connection: WireConnection) => {
      if (chunk[0] === NEW_ARCHIVE && (archives += 1) > 1)
        reject(
          new Error(
            "The database has tablespaces, which a backup does not include. Move their tables to the default tablespace.",
          ),
        );
      // A copy: the driver writes the next message into the same memory.
      if (chunk[0] !== DATA || output.write(Buffer.from(chunk.subarray(1)))) return;
      connection.stream.pause();
      void once(output, "drain").then(
        () => connection.stream.resume(),
        () => connection.stream.resume(),
      );
    },
  };
  return handlers;
}
