import type { FastifyRequest } from "fastify";
import type { WorkflowRow } from "../db/workflow-tables";
import { HostError } from "../errors";
import { givenBy, type Given } from "../workflows/workflows";
import type { Services } from "./services";
import { iso } from "./workflow-answers";

/** Workflows are sent and asked for in this type, or as JSON. */
export const YAML = /^(application|text)\/(x-)?yaml\b/i;

/** A workflow as the API tells it. */
export async function workflowAnswer(services: Services, row: WorkflowRow): Promise<Record<string, unknown>> {
  const triggers = await services.workflows.triggers.of(row.id);
  const draft = await services.workflows.drafts.of(row);
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    version: row.version,
    has_draft: draft !== undefined,
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    triggers: triggers.map(({ name, kind, trigger_id, endpoint_key }) => ({
      id: name,
      kind,
      ...(trigger_id === null ? {} : { trigger_id }),
      ...(endpoint_key === null ? {} : { endpoint: `${services.workflows.address()}/http/${endpoint_key}` }),
    })),
  };
}

/** @throws HostError 400 for a YAML text that cannot be read, 415 for what is neither. */
export function givenIn(request: FastifyRequest): Given {
  const type = request.headers["content-type"] ?? "";
  if (YAML.test(type)) return givenBy(request.body, true);
  if (request.body === undefined || request.body === null)
    throw new HostError(
      400,
      "The workflow is missing: send it as JSON, or as YAML with content-type application/yaml.",
    );
  return givenBy(request.body, false);
}
