import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, type Document } from "yaml";
import type { Database } from "../../db/database";
import { nowMs } from "../../db/database";
import { HostError, messageOf, notFound } from "../../errors";
import { readAppDescription, type AppDescription } from "./description";

/** Where a description comes from; of one app, the later of these counts. */
type DescriptionOrigin = "ready" | "page" | "file";

export interface KnownDescription {
  app: AppDescription;
  origin: DescriptionOrigin;
}

export interface AppDescriptionsOptions {
  db: Database;
  /** Folder of those that come with the host. */
  readyDir: string;
  /** Folder of the operator's: `*.yaml`. */
  ownDir: string;
  onProblem(message: string): void;
}

const RESCAN_MS = 2000;
const MOST_BYTES = 1_000_000;

/** Descriptions of apps: ready ones, those kept by the page in the database, and the operator's files. */
export class AppDescriptions {
  readonly #options: AppDescriptionsOptions;
  readonly #ready: AppDescription[];
  #own: AppDescription[] = [];
  #ownVersion = "";
  #stored: AppDescription[] = [];
  #lookedAt = 0;

  constructor(options: AppDescriptionsOptions) {
    this.#options = options;
    this.#ready = filesOf(options.readyDir).flatMap((file) => readFile(file, options.readyDir));
  }

  async all(): Promise<Map<string, KnownDescription>> {
    await this.#fresh();
    const known = new Map<string, KnownDescription>();
    for (const app of this.#ready) known.set(app.slug, { app, origin: "ready" });
    for (const app of this.#stored) known.set(app.slug, { app, origin: "page" });
    for (const app of this.#own) known.set(app.slug, { app, origin: "file" });
    return known;
  }

  /** Keeps a description, or puts another in its place. @throws HostError 400 with what is wrong, 409 where a file describes the app. */
  async put(value: unknown): Promise<AppDescription> {
    const app = readAppDescription(value, "This");
    const file = (await this.all()).get(app.slug);
    if (file?.origin === "file")
      throw new HostError(
        409,
        `The app "${app.slug}" is described by a file in the folder apps of the host's data. Change it there.`,
      );
    const definition = JSON.stringify(value);
    await this.#options.db
      .insertInto("app_descriptions")
      .values({ slug: app.slug, definition, updated_at: nowMs() })
      .onConflict((conflict) => conflict.column("slug").doUpdateSet({ definition, updated_at: nowMs() }))
      .execute();
    this.#lookedAt = 0;
    return app;
  }

  /** @throws HostError 404 when the page keeps none of that name. */
  async delete(slug: string): Promise<void> {
    const gone = await this.#options.db
      .deleteFrom("app_descriptions")
      .where("slug", "=", slug)
      .returning("slug")
      .executeTakeFirst();
    if (!gone)
      throw notFound("app description", slug, "Only those that were made on the page can be removed here.");
    this.#lookedAt = 0;
  }

  async #fresh(): Promise<void> {
    if (Date.now() - this.#lookedAt < RESCAN_MS) return;
    const rows = await this.#options.db.selectFrom("app_descriptions").select("definition").execute();
    this.#stored = rows.flatMap(({ definition }) =>
      this.#read(() => [readAppDescription(JSON.parse(definition), "A stored description")]),
    );
    this.#readOwn();
    this.#lookedAt = Date.now();
  }

  #readOwn(): void {
    const { ownDir } = this.#options;
    const files = filesOf(ownDir);
    const version = files
      .map((file) => `${file} ${String(statSync(join(ownDir, file), { throwIfNoEntry: false })?.mtimeMs)}`)
      .join("\n");
    if (version === this.#ownVersion) return;
    this.#ownVersion = version;
    this.#own = files.flatMap((file) => this.#read(() => readFile(file, ownDir)));
  }

  #read(read: () => AppDescription[]): AppDescription[] {
    try {
      return read();
    } catch (error) {
      this.#options.onProblem(messageOf(error));
      return [];
    }
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => /\.ya?ml$/.test(file))
      .sort();
  } catch {
    return [];
  }
}

/** The descriptions of a file: one, or a list of them. @throws HostError 400 that names the file. */
function readFile(file: string, folder: string): AppDescription[] {
  const path = join(folder, file);
  if (statSync(path).size > MOST_BYTES) throw new HostError(400, `${file} is larger than 1 MB.`);
  return readAppYaml(readFileSync(path, "utf8")).flatMap((value) => readAppDescription(value, file));
}

/** What a YAML text holds: its documents, and the items of those that are lists. @throws HostError 400 with line and column. */
export function readAppYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text, { merge: true, prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [wrong] = document.errors;
    if (wrong) throw new HostError(400, `This is no YAML: ${wrong.message}`);
    const value = plainOf(document);
    return Array.isArray(value) ? (value as unknown[]) : [value];
  });
}

/** @throws HostError 400 for a text whose aliases would make it many times as large */
function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 200 }) as unknown;
  } catch (error) {
    throw new HostError(400, `This is no YAML: ${messageOf(error)}`);
  }
}
