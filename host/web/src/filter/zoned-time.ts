const stored = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d)(:\d\d)?$/;

/** A stored time in UTC as a date field shows it, in the viewer's zone; undefined for anything else, such as a function of the app. */
export function toLocal(value: string): string | undefined {
  if (value === "") return "";
  const [, day, clock, seconds = ":00"] = stored.exec(value) ?? [];
  if (!day || !clock) return undefined;
  const date = new Date(`${day}T${clock}${seconds}Z`);
  if (Number.isNaN(date.getTime())) return undefined;
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

/** What a date field holds, as it is stored: in UTC, to the second. */
export function fromLocal(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 19).replace("T", " ");
}

/** The viewer's time zone: `Europe/Berlin`. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
