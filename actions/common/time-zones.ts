import type { ServiceNow } from "../../common";

/** The zone of users without one of their own; undefined where the account may not read the system's properties. */
export async function systemTimeZone(client: ServiceNow): Promise<string | undefined> {
  const { rows } = await client.table("sys_properties").page({
    query: "name=glide.sys.default.tz",
    fields: ["name", "value"],
    limit: 2,
  });
  const [row] = rows as { name?: unknown; value?: unknown }[];
  // A condition that was dropped would show other properties.
  if (rows.length !== 1 || row?.name !== "glide.sys.default.tz") return undefined;
  return typeof row.value === "string" && row.value !== "" ? row.value : undefined;
}

/** A moment as `2026-07-30 14:05:00` in a zone; undefined for a zone that this computer does not know. */
export function inZone(moment: Date, timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(
      moment,
    );
  } catch {
    return undefined;
  }
}
