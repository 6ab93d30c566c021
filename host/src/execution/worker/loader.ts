import { registerHooks, type ResolveHookSync } from "node:module";
import { pathToFileURL } from "node:url";
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
let hooked = false;

/** The default export of a module file. Rejects with words when a package it imports is not installed. */
export async function loadModule(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href;
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
