import type { User } from "../users/users";
import { formatLocal, parseStamp, zoneOffset } from "../clock/time";

/** A stored time as the user sees it: own zone, own formats. Empty for nothing. */
export function displayStamp(user: User, stored: string): string {
  const time = parseStamp(stored);
  return time === undefined
    ? ""
    : formatLocal(time + zoneOffset(user.timeZone, time), `${user.dateFormat} ${user.timeFormat}`);
}
