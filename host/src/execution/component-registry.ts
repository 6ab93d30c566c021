import { existsSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { findModuleFiles, type ModuleFile } from "./component-files";
import type { AppDescription, ComponentDescription } from "./protocol";
import type { Runtime } from "./runtime";

export interface RegisteredComponent extends ComponentDescription {
  file: string;
}

export interface RegisteredApp extends AppDescription {
  /** Where the app module is; absent when only components name the app. */
  file?: string;
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
const DESCRIBE_TIMEOUT_MS = 20_000;
const RESCAN_MS = 2000;

/** What can be run here: every component and app of the packages, described in a process of its own. */
export class ComponentRegistry {
  #described = new Map<string, { version: string; description: Description }>();
  #components = new Map<string, RegisteredComponent>();
  #apps = new Map<string, RegisteredApp>();
  #scanning: Promise<void> | undefined;
  #scannedAt = 0;
  #generation = 0;

  constructor(
    readonly runtime: Runtime,
    readonly options: ComponentRegistryOptions,
  ) {}

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

  /** Looks at the files again when the last look is over two seconds old. */
  #fresh(): Promise<void> {
    if (this.#scanning) return this.#scanning;
    if (Date.now() - this.#scannedAt < RESCAN_MS) return Promise.resolve();
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
    const described = new Map<string, { version: string; description: Description }>();
    for (const file of files) {
      const known = this.#described.get(file.path);
      described.set(
        file.path,
        known?.version === file.version
          ? known
          : { version: file.version, description: await this.#describe(file) },
      );
    }
    this.#described = described;
    this.#index();
    if (changed.length > 0) await this.#writeCache();
  }

  async #describe({ path }: ModuleFile): Promise<Description> {
    const outcome = await this.runtime.run({
      file: path,
      tenant: "",
      shared: `registry ${this.#generation}`,
      task: { type: "describe" },
      timeoutMs: DESCRIBE_TIMEOUT_MS,
      handlers: {},
      secrets: [],
    });
    if (outcome.error) {
      this.options.onProblem(`${path} is left out: ${outcome.error.message}`);
      return null;
    }
    return JSON.parse(outcome.result ?? "null") as Description;
  }

  #index(): void {
    this.#components = new Map();
    this.#apps = new Map();
    for (const [file, { description }] of this.#described) {
      if (description?.type === "app") {
        const known = this.#apps.get(description.slug);
        if (!known || (!known.connection && description.connection))
          this.#apps.set(description.slug, { ...description, file });
      } else if (description && !this.#components.has(description.key))
        this.#components.set(description.key, { ...description, file });
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
        entries: [string, { version: string; description: Description }][];
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
