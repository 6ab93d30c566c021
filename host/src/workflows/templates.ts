import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "./yaml";

/** A workflow to begin with, as the page offers it. */
export interface Template {
  /** Name of its files, without the ending. */
  id: string;
  name: string;
  description: string;
  yaml: string;
}

/** The templates of a folder: one YAML file each, with a picture of the same name beside it. */
export async function readTemplates(folder: string): Promise<Template[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".yaml")).sort();
  return Promise.all(
    files.map(async (file) => {
      const yaml = await readFile(join(folder, file), "utf8");
      const read = parseYaml(yaml);
      const head = ("value" in read ? read.value : {}) as { name?: unknown; description?: unknown };
      return {
        id: file.slice(0, -".yaml".length),
        name: typeof head.name === "string" ? head.name : file,
        description: typeof head.description === "string" ? head.description : "",
        yaml,
      };
    }),
  );
}
