import { EventEmitter } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { syntaxPlace } from "./syntax-place";
import { findModuleFiles, type ModuleFile } from "./component-files";
import type { AppDescription, ComponentDescription, ComponentError } from "./protocol";
import type { Runtime } from "./runtime";

export interface RegisteredComponent extends ComponentDescription {
  file: string;
  /** Changes with the file and what it may import; a process has loaded one of them. */
  fileVersion: string;
}

export interface RegisteredApp extends AppDescription {
  /** Where the app module is; absent when only components name the app. */
  file?: string;
  fileVersion?: string;
}

/** A module file that could not be read as a component or an app. */
export interface ComponentProblem {
  file: string;
  /** What it was before, or what its name and place say. */
  key: string;
  message: string;
}

export interface ComponentRegistryOptions {
  /** Folders of component packages, the first one wins where two have a key. */
  packages: string[];
  /** Keeps descriptions between starts; none when absent. */
  cacheFile?: string;
  workerFile: string;
  onProblem(message: string): void;
}

type Description = ComponentDescription | AppDescription | null;
interface Described {
  version: string;
  description: Description;
  /** Why there is no description. */
  problem?: string;
}
const DESCRIBE_TIMEOUT_MS = 20_000;
/** Each request for a component may look at every file of its package, so not more often than a person waits for what was installed. */
const RESCAN_MS = 2000;
/** For somebody who writes components: a save is used within a second. */
const FOLLOW_MS = 500;

/** What can be run here: every component and app of the packages, described in a process of its own. */
export class ComponentRegistry extends EventEmitter<{ change: [] }> {
  #described = new Map<string, Described>();
  /** The key that a file had when it was last right. */
  readonly #keys = new Map<string, string>();
  #components = new Map<string, RegisteredComponent>();
  #apps = new Map<string, RegisteredApp>();
  #scanning: Promise<void> | undefined;
  #scannedAt = 0;
  #generation = 0;
  #rescanMs = RESCAN_MS;

  constructor(
    readonly runtime: Runtime,
    readonly options: ComponentRegistryOptions,
  ) {
    super();
  }

  /** Looks at the files twice a second from now on; `change` is emitted when one did. @returns what ends it */
  follow(): () => void {
    const timer = setInterval(() => void this.#fresh(), FOLLOW_MS);
    timer.unref();
    this.#rescanMs = FOLLOW_MS;
    return () => clearInterval(timer);
  }

  async components(): Promise<RegisteredComponent[]> {
    await this.#fresh();
    return [...this.#components.values()];
  }

  async component(key: string): Promise<RegisteredComponent | undefined> {
    await this.#fresh();
    return this.#components.get(key.replace(/^~\//, ""));
  }

  async apps(): Promise<RegisteredApp[]> {
    await this.#fresh();
    return [...this.#apps.values()];
  }

  async app(slug: string): Promise<RegisteredApp | undefined> {
    await this.#fresh();
    return this.#apps.get(slug);
  }

  /** Files that could not be loaded, and why. */
  async problems(): Promise<ComponentProblem[]> {
    await this.#fresh();
    return [...this.#described].flatMap(([file, { problem }]) =>
      problem === undefined
        ? []
        : [{ file, key: this.#keys.get(file) ?? basename(file).replace(/\.\w+$/, ""), message: problem }],
    );
  }

  /** Looks at the files again when the last look is too old. */
  #fresh(): Promise<void> {
    if (this.#scanning) return this.#scanning;
    if (Date.now() - this.#scannedAt < this.#rescanMs) return Promise.resolve();
    this.#scanning = this.#scan().finally(() => {
      this.#scanning = undefined;
      this.#scannedAt = Date.now();
    });
    return this.#scanning;
  }

  async #scan(): Promise<void> {
    const files = (await Promise.all(this.options.packages.map(findModuleFiles))).flat();
    if (this.#scannedAt === 0) this.#readCache();
    const changed = files.filter(({ path, version }) => this.#described.get(path)?.version !== version);
    const gone = this.#described.size > files.length - changed.length;
    if (changed.length === 0 && !gone && this.#scannedAt !== 0) return;
    this.#generation += 1;
    const described = new Map<string, Described>();
    for (const file of files) {
      const known = this.#described.get(file.path);
      described.set(
        file.path,
        known?.version === file.version ? known : { version: file.version, ...(await this.#describe(file)) },
      );
    }
    this.#described = described;
    this.#index();
    if (changed.length > 0) await this.#writeCache();
    this.emit("change");
  }

  async #describe({ path, version }: ModuleFile): Promise<Omit<Described, "version">> {
    const outcome = await this.runtime.run({
      file: path,
      version,
      tenant: "",
      shared: `registry ${this.#generation}`,
      task: { type: "describe" },
      timeoutMs: DESCRIBE_TIMEOUT_MS,
      handlers: {},
      secrets: [],
    });
    if (outcome.error) {
      const problem = wordsOf(outcome.error, path);
      this.options.onProblem(`${path} is left out: ${problem}`);
      return { description: null, problem };
    }
    const description = JSON.parse(outcome.result ?? "null") as Description;
    if (description && description.type !== "app") this.#keys.set(path, description.key);
    return { description };
  }

  #index(): void {
    this.#components = new Map();
    this.#apps = new Map();
    for (const [file, { description, version: fileVersion }] of this.#described) {
      if (description?.type === "app") {
        const known = this.#apps.get(description.slug);
        if (!known || (!known.connection && description.connection))
          this.#apps.set(description.slug, { ...description, file, fileVersion });
      } else if (description && !this.#components.has(description.key))
        this.#components.set(description.key, { ...description, file, fileVersion });
    }
    for (const component of this.#components.values())
      for (const slug of component.apps)
        if (!this.#apps.has(slug))
          this.#apps.set(slug, { type: "app", slug, name: slug, description: "", connection: null });
  }

  /** Descriptions hold for one version of the worker program, which makes them. */
  #cacheVersion(): string {
    return String(statSync(this.options.workerFile).mtimeMs);
  }

  #readCache(): void {
    const { cacheFile } = this.options;
    if (!cacheFile || !existsSync(cacheFile)) return;
    try {
      const cache = JSON.parse(readFileSync(cacheFile, "utf8")) as {
        version: string;
        entries: [string, Described][];
      };
      if (cache.version === this.#cacheVersion()) this.#described = new Map(cache.entries);
    } catch {
      // A cache cut off by a crash is made again.
    }
  }

  async #writeCache(): Promise<void> {
    const { cacheFile } = this.options;
    if (!cacheFile) return;
    const entries = [...this.#described].filter(([, { description }]) => description !== null);
    try {
      await writeFile(cacheFile, JSON.stringify({ version: this.#cacheVersion(), entries }));
    } catch (error) {
      this.options.onProblem(`The component cache could not be written: ${(error as Error).message}`);
    }
  }
}

function wordsOf({ name, message }: ComponentError, path: string): string {
  const place = name === "SyntaxError" || /syntax/i.test(message) ? syntaxPlace(path) : undefined;
  return place ? `${message} (${place.file}, line ${place.line}).` : message;
}
