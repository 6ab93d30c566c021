/**
 * The sys_id that a text of the caller's own stands for in a table: 32 hexadecimal digits, the same each time.
 * ServiceNow takes the sys_id of a creation from its values, and refuses one that is there already.
 */
export async function sysIdFromKey(table: string, text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${table}\n${text}`));
  return [...new Uint8Array(hash, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** True for 32 hexadecimal digits. */
export function isSysId(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}
