import type { Database } from "../db/database";
import { HostError } from "../errors";
import type { ComponentRegistry } from "../execution/component-registry";
import type { Triggers } from "../triggers/triggers";

/** Most events that are looked at for a sample. */
const SAMPLED = 10;

export interface SampleEvent {
  id: string;
  summary: string | null;
  ts: number;
  event: unknown;
}

/**
 * Events of a source as a workflow would get them, without one: the source is deployed for the moment, with what it emits first, and
 * taken away again.
 *
 * @throws HostError 400 for what is no source, and what the source itself refuses.
 */
export async function sampleEvents(
  { db, registry, triggers }: { db: Database; registry: ComponentRegistry; triggers: Triggers },
  uses: string,
  configuredProps: Record<string, unknown>,
  user: string,
): Promise<SampleEvent[]> {
  const component = await registry.component(uses.split("@")[0] ?? "");
  if (component?.type !== "source")
    throw new HostError(400, `${uses} is no source that is installed here, so it gives no sample events.`);
  const { id } = await triggers.deploy({
    component,
    user,
    configuredProps,
    name: `Sample of ${component.name}`,
    emitOnDeploy: true,
  });
  try {
    const rows = await db
      .selectFrom("events")
      .select(["id", "summary", "ts", "payload"])
      .where("trigger_id", "=", id)
      .orderBy("seq", "desc")
      .limit(SAMPLED)
      .execute();
    return rows.map(({ payload, ...row }) => ({ ...row, event: JSON.parse(payload) as unknown }));
  } finally {
    await triggers.delete(id, user, true);
  }
}
