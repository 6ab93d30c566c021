import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const root = join(__dirname, "../..");

export interface Stage {
  env: Record<string, string>;
  user: string | undefined;
  entrypoint: string[];
  command: string[];
  healthCheck: string[];
}

/** The stages of the Dockerfile by name, with what a container of them would run. */
export function dockerStages(): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  const text = readFileSync(join(root, "Dockerfile"), "utf8").replace(/\\\n\s*/g, "");
  for (const line of text.split("\n")) {
    const [word = "", ...rest] = line.split(" ");
    const value = rest.join(" ");
    if (word === "FROM")
      stages.set(
        / AS (\w+)$/.exec(line)?.[1] ?? "",
        (stage = { env: {}, user: undefined, entrypoint: [], command: [], healthCheck: [] }),
      );
    if (!stage) continue;
    if (word === "ENV")
      for (const pair of rest) stage.env[pair.split("=")[0] ?? ""] = pair.slice(pair.indexOf("=") + 1);
    if (word === "USER") stage.user = value;
    if (word === "ENTRYPOINT") stage.entrypoint = JSON.parse(value) as string[];
    if (word === "CMD") stage.command = JSON.parse(value) as string[];
    if (word === "HEALTHCHECK")
      stage.healthCheck = JSON.parse(value.slice(value.indexOf("CMD ") + 4)) as string[];
  }
  return stages;
}

export interface ComposeService {
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  deploy?: { replicas: number };
}

export function compose(): { services: Record<string, ComposeService> } {
  return parse(readFileSync(join(root, "compose.yaml"), "utf8"), { merge: true }) as {
    services: Record<string, ComposeService>;
  };
}
