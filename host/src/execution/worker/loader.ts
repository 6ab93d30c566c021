import { existsSync } from "node:fs";
import { createRequire, registerHooks, type ResolveHookSync } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { defaultExport } from "./component-shape";

/** Takes the version out of specifiers such as `got@13.0.0`, which the platform's own loader accepts. */
const withoutVersion: ResolveHookSync = (specifier, context, next) => {
  try {
    return next(specifier, context);
  } catch (error) {
    const match = /^(@?[^@]+)@[\^~]?\d[^/]*(\/.*)?$/.exec(specifier);
    if (!match?.[1]) throw error;
    return next(match[1] + (match[2] ?? ""), context);
  }
};

/** TypeScript names a file beside without its extension, or with that of what it becomes. */
const withExtension: ResolveHookSync = (specifier, context, next) => {
  if (!/^\.{1,2}\//.test(specifier) || !context.parentURL?.startsWith("file:"))
    return next(specifier, context);
  const path = fileURLToPath(new URL(specifier, context.parentURL));
  if (existsSync(path) && /\.\w+$/.test(path)) return next(specifier, context);
  const bare = path.replace(/\.(m|c)?js$/, "");
  const found = [".ts", ".mts", ".mjs", ".js", "/index.ts", "/index.mjs", "/index.js"].find((end) =>
    existsSync(bare + end),
  );
  return next(found === undefined ? specifier : pathToFileURL(bare + found).href, context);
};

const PLATFORM = "@pipedream/platform";

/** A folder of components that installs nothing has the platform's package all the same: it is part of the runtime. */
const withPlatform: ResolveHookSync = (specifier, context, next) =>
  next(specifier, specifier === PLATFORM ? { ...context, parentURL: import.meta.url } : context);

function hasPlatform(file: string): boolean {
  try {
    createRequire(file).resolve(PLATFORM);
    return true;
  } catch {
    return false;
  }
}

let hookedForPlatform = false;
let hooked = false;
let hookedForTypeScript = false;

/** The default export of a module file. Rejects with words when a package it imports is not installed. */
export async function loadModule(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href;
  if (!hookedForPlatform && !hasPlatform(file)) {
    hookedForPlatform = true;
    registerHooks({ resolve: withPlatform });
  }
  if (file.endsWith(".ts") && !hookedForTypeScript) {
    hookedForTypeScript = true;
    registerHooks({ resolve: withExtension });
  }
  try {
    return defaultExport(await import(url));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!hooked && /@[\^~]?\d/.test(message)) {
      hooked = true;
      registerHooks({ resolve: withoutVersion });
      return defaultExport(await import(`${url}?pinned`));
    }
    const missing = /Cannot find package '([^']+)'/.exec(message)?.[1];
    if (missing)
      throw new Error(
        `The component imports the package "${missing}", which is not installed beside it. Install it there (npm i ${missing}) and try again.`,
      );
    throw error;
  }
}
