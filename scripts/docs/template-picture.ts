import { readTemplates } from "../../host/src/workflows/templates";
import { parseYaml } from "../../host/src/workflows/yaml";

interface Line {
  text: string;
  depth: number;
  kind: "trigger" | "step" | "arm";
}
interface StepData {
  namespace?: string;
  uses?: string;
  branch?: { if?: string; steps: StepData[] }[];
  forEach?: string;
  steps?: StepData[];
}

const WIDTH = 320;
const HEIGHT = 180;

/** A template's picture: its trigger and steps as the builder lines them up, without words of the data. */
function pictureOf(value: unknown): string {
  const { triggers, steps } = value as { triggers: { uses: string }[]; steps: StepData[] };
  const lines: Line[] = triggers.map(({ uses }) => ({ text: wordsOf(uses), depth: 0, kind: "trigger" }));
  const walk = (list: StepData[], depth: number): void => {
    for (const step of list) {
      lines.push({ text: wordsOf(step.uses ?? step.namespace ?? ""), depth, kind: "step" });
      for (const arm of step.branch ?? []) {
        lines.push({ text: arm.if === undefined ? "otherwise" : "if", depth: depth + 1, kind: "arm" });
        walk(arm.steps, depth + 1);
      }
      if (step.forEach !== undefined) walk(step.steps ?? [], depth + 1);
    }
  };
  walk(steps, 0);
  const height = Math.min(26, (HEIGHT - 16) / lines.length);
  const rows = lines.map((line, at) => rowOf(line, 8 + at * height, height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="${Math.min(11, height * 0.5).toFixed(1)}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#f0f2ef"/>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function rowOf({ text, depth, kind }: Line, y: number, height: number): string {
  const x = 12 + depth * 18;
  const baseline = (y + height * 0.62).toFixed(1);
  if (kind === "arm") return `<text x="${x + 4}" y="${baseline}" fill="#56615d">${text}</text>`;
  const fill = kind === "trigger" ? "#e2f0ed" : "#ffffff";
  return `<rect x="${x}" y="${(y + 1.5).toFixed(1)}" width="${WIDTH - 12 - x}" height="${(height - 3).toFixed(1)}" rx="4" fill="${fill}" stroke="${kind === "trigger" ? "#14655a" : "#d9ddd8"}"/><text x="${x + 9}" y="${baseline}" fill="#1c2422">${text}</text>`;
}

/** A component's key or a step's name as words. */
function wordsOf(name: string): string {
  const words = name.replace(/^servicenow-/, "").replace(/[-_]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The pictures of all templates, by their path. */
export async function templatePictures(folder: string): Promise<[file: string, svg: string][]> {
  return (await readTemplates(folder)).map(({ id, yaml }) => {
    const read = parseYaml(yaml);
    if (!("value" in read)) throw new Error(`${id}.yaml cannot be read.`);
    return [`${id}.svg`, pictureOf(read.value)];
  });
}
