/** `npm run rotate-key` encrypts the database of a stopped host with another key; prints JSON. */
import { resolve } from "node:path";
import { changeKey } from "../host/src/key-rotation/key-files";

changeKey({
  dataDir: resolve(process.env.DATA_DIR || ".data"),
  databaseUrl: process.env.DATABASE_URL || undefined,
  present: process.env.HOST_ENCRYPTION_KEY || undefined,
  next: process.env.NEW_ENCRYPTION_KEY || undefined,
  log: (message) => console.error(message),
})
  .then((done) => console.log(JSON.stringify(done)))
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
