/** `npm run backup -- FILE` copies the embedded database of DATA_DIR to a file, also while a host runs; prints JSON. */
import { resolve } from "node:path";
import { backup } from "../host/src/db/backup";
import { fileArgument, runDatabaseCommand } from "./database-command";

void runDatabaseCommand(() => backup(resolve(process.env.DATA_DIR || ".data"), fileArgument("backup")));
