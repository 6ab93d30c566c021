import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { actions, app, registry, sources } from "../../components/registry";
import { componentFolders } from "../docs/registry-file";
import { registryProblems } from "./registry-rules";

/** What is wrong with the component registry: registry rules of every component, and folders that it lists or misses. */
export function componentRegistryProblems(root: string): string[] {
  const problems: string[] = [];
  const names = new Set(registry.map(({ name }) => name));
  if (names.size < registry.length) {
    const seen = new Set<string>();
    for (const { key, name } of registry) {
      if (seen.has(name)) problems.push(`${key}: another component is also named "${name}"`);
      seen.add(name);
    }
  }
  for (const [part, components] of [
    ["actions", actions],
    ["sources", sources],
  ] as const) {
    const listed = new Set(components.map(({ key }) => key.slice(app.app.length + 1)));
    for (const folder of componentFolders(root, part))
      if (!listed.has(folder)) problems.push(`${part}/${folder} is not in components/registry.ts`);
    for (const component of components) {
      const folder = component.key.slice(app.app.length + 1);
      const file = join(root, part, folder, `${folder}.ts`);
      if (!existsSync(file)) {
        problems.push(`${component.key}: there is no ${part}/${folder}/${folder}.ts`);
        continue;
      }
      const text = readFileSync(file, "utf8");
      problems.push(...registryProblems({ component, folder, text, names, slug: app.app }));
    }
  }
  return problems;
}
