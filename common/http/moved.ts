/** The origin that a redirect names for the very same path: another name of the instance, not a login page. Undefined for every other one. */
export function movedTo(location: string | undefined, path: string): string | undefined {
  const target = (location ?? "").split("?")[0] ?? "";
  if (!URL.canParse(target)) return undefined;
  const url = new URL(target);
  return url.pathname === path ? url.origin : undefined;
}
