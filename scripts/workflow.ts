import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createTwoFilesPatch } from "diff";
import { readDefinition, type DefinitionProblem } from "../host/src/workflows/read-definition";
import { parseYaml } from "../host/src/workflows/yaml";
import { readArguments, UsageError, type Arguments } from "./workflow/arguments";
import { HostRefusal, WorkflowHost, type HostRun, type HostWorkflow } from "./workflow/host";

interface WorkflowFile {
  file: string;
  text: string;
  name: string;
  enabled: boolean;
}

/** A file that cannot be used, with the places in it that are wrong. */
class FileError extends Error {
  constructor(file: string, problems: DefinitionProblem[]) {
    super(problems.map(({ path, reason }) => `${file}: ${path} ${reason}`).join("\n"));
  }
}

/** Workflows as files: YAML in a folder is what the host's workflows shall be. */
async function main(): Promise<number> {
  const given = readArguments(process.argv.slice(2), process.env);
  const host =
    given.host === undefined ? undefined : new WorkflowHost(given.host, given.token ?? "", given.user);
  if (given.command === "export") return exportFiles(required(host), given.files);
  const files = given.files.map(readFile);
  refuseSameNames(files);
  if (host) for (const { file, text } of files) await checkOn(host, file, text);
  if (given.command === "validate") {
    for (const { file, name } of files) console.log(`${file}: "${name}" is right.`);
    return 0;
  }
  return given.command === "apply" ? apply(required(host), files, given) : run(required(host), files, given);
}

function required(host: WorkflowHost | undefined): WorkflowHost {
  if (!host) throw new UsageError("--host is missing.");
  return host;
}

function readFile(file: string): WorkflowFile {
  const text = readFileSync(file, "utf8");
  const read = parseYaml(text);
  if ("problems" in read) throw new FileError(file, read.problems);
  const { definition, problems } = readDefinition(read.value);
  if (!definition) throw new FileError(file, problems);
  return { file, text, name: definition.name, enabled: definition.enabled ?? true };
}

function refuseSameNames(files: WorkflowFile[]): void {
  const byName = new Map<string, string>();
  for (const { file, name } of files) {
    const other = byName.get(name);
    if (other !== undefined)
      throw new UsageError(`${file} and ${other} are both named "${name}". A workflow has one file.`);
    byName.set(name, file);
  }
}

async function checkOn(host: WorkflowHost, file: string, text: string): Promise<void> {
  const problems = await host.problems(text);
  if (problems.length > 0) throw new FileError(file, problems);
}

/** Everything is checked and shown before anything is changed. */
async function apply(host: WorkflowHost, files: WorkflowFile[], { dryRun }: Arguments): Promise<number> {
  const there = new Map((await host.list()).map((workflow) => [workflow.name, workflow]));
  const changes: { file: WorkflowFile; before: HostWorkflow | undefined }[] = [];
  for (const file of files) {
    const before = there.get(file.name);
    const text = before ? await host.yaml(before.id) : "";
    if (before && text === file.text) console.log(`${file.file}: "${file.name}" is as it was.`);
    else {
      console.log(
        createTwoFilesPatch(
          before ? `${file.name} (version ${before.version})` : "nothing",
          file.file,
          text,
          file.text,
        ),
      );
      changes.push({ file, before });
    }
  }
  if (dryRun) return 0;
  for (const { file, before } of changes) {
    const workflow = before ? await host.change(before.id, file.text) : await host.create(file.text);
    if (!before && file.enabled && !workflow.enabled) await host.enable(workflow.id);
    console.log(
      `${file.file}: "${workflow.name}" ${before ? "was changed" : "was made"}: ${workflow.id}, version ${workflow.version}.`,
    );
  }
  return 0;
}

async function exportFiles(host: WorkflowHost, files: string[]): Promise<number> {
  const there = await host.list();
  for (const file of files) {
    const workflow = namedBy(file, there);
    const text = await host.yaml(workflow.id);
    writeFileSync(file, text);
    console.log(`${file}: "${workflow.name}", version ${workflow.version}.`);
  }
  return 0;
}

/** The workflow of a file that is there, or the one whose name or id the file's name is. */
function namedBy(file: string, there: HostWorkflow[]): HostWorkflow {
  const word = basename(file).replace(/\.ya?ml$/, "");
  const name = existsSync(file) ? readFile(file).name : undefined;
  const found = there.find((workflow) =>
    name === undefined
      ? workflow.id === word || workflow.name === word || slug(workflow.name) === slug(word)
      : workflow.name === name,
  );
  if (found) return found;
  const names = there.map((workflow) => `${slug(workflow.name)}.yaml`).join(", ");
  throw new UsageError(`The host has no workflow "${name ?? word}". It has: ${names || "none"}.`);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

async function run(host: WorkflowHost, [file]: WorkflowFile[], { event }: Arguments): Promise<number> {
  const workflow = (await host.list()).find(({ name }) => name === file?.name);
  if (!workflow) throw new UsageError(`The host has no workflow "${file?.name}". Apply the file first.`);
  let current = await host.start(workflow.id, event);
  console.error(`Run ${current.id}`);
  let shown = "";
  while (["queued", "running", "waiting"].includes(current.status)) {
    await delay(300);
    current = await host.run(current.id);
    const now = progress(current);
    if (now !== shown) console.error((shown = now));
  }
  console.log(JSON.stringify(current));
  if (current.status === "succeeded") return 0;
  console.error(
    current.error
      ? `${current.error.step ?? "The run"}: ${current.error.message}`
      : `The run was ${current.status}.`,
  );
  return 1;
}

function progress({ status, steps }: HostRun): string {
  const waiting = steps.find((step) => step.status === "waiting");
  return `${status}: ${steps.map((step) => `${step.path} ${step.status}`).join(", ")}${waiting?.due_at ? ` (until ${waiting.due_at})` : ""}`;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (error instanceof HostRefusal)
      for (const { path, reason } of error.problems) console.error(`${path} ${reason}`);
    console.error(
      error instanceof UsageError || error instanceof FileError || error instanceof HostRefusal
        ? error.message
        : error,
    );
    process.exitCode = 1;
  },
);
