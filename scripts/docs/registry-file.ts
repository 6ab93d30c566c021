import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The components' folders: those that hold a file of their own name. */
export function componentFolders(root: string, part: string): string[] {
  if (!existsSync(join(root, part))) return [];
  return readdirSync(join(root, part))
    .filter((name) => existsSync(join(root, part, name, `${name}.ts`)))
    .sort();
}

const identifier = (part: string, folder: string) =>
  `${folder.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase())}${part === "sources" ? "Source" : ""}`;

/** `components/registry.ts`: every component below `actions/` and `sources/`. */
export function registryFile(root: string): string {
  const parts = ["actions", "sources"].map((part) => ({ part, folders: componentFolders(root, part) }));
  const imports = parts.flatMap(({ part, folders }) =>
    folders.map((folder) => `import ${identifier(part, folder)} from "../${part}/${folder}/${folder}";`),
  );
  const lists = parts.map(({ part, folders }) => {
    const names = folders.map((folder) => `  ${identifier(part, folder)},\n`).join("");
    return `/** Every one of the ${part}, by key. */\nexport const ${part}: readonly AnyComponent[] = [${names ? `\n${names}` : ""}];\n`;
  });
  return `// Written by \`npm run docs\` from the folders.
import servicenow from "../apps/servicenow.app";
${imports.join("\n")}
import type { AnyComponent } from "./component";

/** The app that the components share. */
export const app = servicenow;

${lists.join("\n")}
/** All components. */
export const registry: readonly AnyComponent[] = [...actions, ...sources];
`;
}
