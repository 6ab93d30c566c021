/** `npm run restore -- FILE` makes the embedded database of DATA_DIR from a backup; prints JSON. The folder must have none. */
import { resolve } from "node:path";
import { restore } from "../host/src/db/restore";
import { fileArgument, runDatabaseCommand } from "./database-command";

void runDatabaseCommand(async () => ({
  folder: await restore(resolve(process.env.DATA_DIR || ".data"), fileArgument("restore")),
}));
