import { currentUser, type CurrentUser } from "../../apps/servicenow/current-user";
import type { ServiceNow } from "../../common";
import { wrongInput } from "./input";

/** The connected account. Throws when it may not read its own user record, since then nothing is known of it. */
export async function requireCurrentUser(client: ServiceNow): Promise<CurrentUser> {
  const user = await currentUser(client);
  if (user) return user;
  throw wrongInput(
    "The connected account may not read its own user record (table sys_user), so nobody can tell what belongs to it. Give it read access to sys_user, or filter by the user's sys_id in another action.",
  );
}
