import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { workflowJsonSchema } from "../../host/src/workflows/definition";

/** `docs/workflow.schema.json`: what editors check workflow files with. */
export async function workflowSchemaFile(root: string): Promise<string> {
  const file = join(root, "docs/workflow.schema.json");
  const schema = { $id: "workflow.schema.json", ...workflowJsonSchema() };
  return format(JSON.stringify(schema), { ...(await resolveConfig(file)), parser: "json" });
}
