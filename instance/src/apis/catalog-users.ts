import { errors } from "../core/errors";
import type { Instance } from "../core/instance";
import type { User } from "../users/users";
import { asString, isSysId } from "./rows";

/**
 * The user who is named by sys_id or user name.
 *
 * @throws ApiError 400 when there is no such user
 */
export function readUser(instance: Instance, given: string): User {
  const user = isSysId(given) ? instance.users.byId(given) : instance.users.byName(given);
  if (!user) throw errors.badRequest("Invalid user", `There is no user ${given.slice(0, 40)}`);
  return user;
}

/** Whom a body asks for: the user it names; undefined when it names nobody. */
export function requestedFor(instance: Instance, body: Record<string, unknown>): string | undefined {
  const given = asString(body.sysparm_requested_for);
  return given === "" ? undefined : readUser(instance, given).sysId;
}
