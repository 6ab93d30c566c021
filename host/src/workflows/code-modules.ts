import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import type { RegisteredComponent } from "../execution/component-registry";
import type { ComponentDescription } from "../execution/protocol";
import type { Runtime } from "../execution/runtime";
import { messageOf } from "../errors";
import type { CodeStep } from "./definition";

const DESCRIBE_MS = 30_000;
const KEPT = 1000;

/** The code of steps as modules on disk, each in a folder by the hash of its text: the same code is one module, and a change is another. */
export class CodeModules {
  readonly #described = new Map<string, Promise<RegisteredComponent>>();

  constructor(
    readonly folder: string,
    readonly runtime: Runtime,
  ) {}

  /** The step's code as a component. Rejects with words when it cannot be read or has no default export. */
  component(step: CodeStep, user: string): Promise<RegisteredComponent> {
    const hash = createHash("sha256")
      .update(`${step.language ?? "typescript"}\n${step.code}`)
      .digest("hex")
      .slice(0, 40);
    let described = this.#described.get(hash);
    if (!described) {
      if (this.#described.size >= KEPT) this.#described.clear();
      described = this.#describe(this.#write(hash, step), hash, user);
      this.#described.set(hash, described);
      described.catch(() => this.#described.delete(hash));
    }
    return described;
  }

  /** A function becomes the `run` of a component; a component without a key gets one. */
  #write(hash: string, step: CodeStep): string {
    const folder = join(this.folder, hash);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "step.mjs");
    if (existsSync(file)) return file;
    const code = step.language === "javascript" ? step.code : withoutTypes(step.code);
    const wrapper = [
      `import * as given from "./code.mjs";`,
      `const step = given.default;`,
      `if (typeof step !== "function" && typeof step?.run !== "function")`,
      `  throw new Error("The code has no default export that is a function or a component with run. Write export default defineComponent({ async run({ steps, $ }) { … } }).");`,
      `export default { ...(typeof step === "function" ? { run: step } : step), key: "code-${hash}", type: "action" };`,
    ].join("\n");
    for (const [path, text] of [
      [join(folder, "code.mjs"), code],
      [file, wrapper],
    ] as const) {
      const temporary = `${path}.${process.pid}.tmp`;
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, path);
    }
    return file;
  }

  async #describe(file: string, hash: string, user: string): Promise<RegisteredComponent> {
    const { result, error } = await this.runtime.run({
      file,
      tenant: user,
      task: { type: "describe" },
      timeoutMs: DESCRIBE_MS,
      handlers: {},
      secrets: [],
    });
    const description = error ? undefined : (JSON.parse(result ?? "null") as ComponentDescription | null);
    if (!description) throw new Error(error?.message ?? `The code of the step is no component (${hash}).`);
    return { ...description, file, fileVersion: hash };
  }
}

function withoutTypes(code: string): string {
  try {
    return stripTypeScriptTypes(code);
  } catch (error) {
    throw new Error(`The code cannot be read: ${messageOf(error).split("\n")[0]}`, { cause: error });
  }
}
