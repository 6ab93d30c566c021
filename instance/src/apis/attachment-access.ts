import type { User } from "../users/users";
import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import type { ApiRequest } from "../http/types";
import type { Row } from "../store/values";
import { readable } from "./table";

/** @throws ApiError 404 for an attachment that is not there, or that the user may not read */
export function found(instance: Instance, request: ApiRequest, id: string): Row {
  const row = readable(instance, request, instance.dictionary.known("sys_attachment"), id);
  if (!mayReadParent(instance, request, row)) throw errors.noRecord();
  return row;
}

/**
 * Who may write the record may rename and delete what hangs on it.
 *
 * @throws ApiError 403 for who may only read it
 */
export function writable(
  instance: Instance,
  request: ApiRequest,
  id: string,
  operation: "Update" | "Delete",
): Row {
  const row = found(instance, request, id);
  const parent = instance.dictionary.get(String(row.table_name ?? ""));
  const { user } = request.session;
  if (parent && !instance.access.may(user, parent, "write", String(row.table_sys_id)))
    throw errors.aclRefused(operation);
  return row;
}

/** An attachment is as readable as the record it hangs on. */
export function mayReadParent(instance: Instance, { session }: ApiRequest, row: Row): boolean {
  const parent = instance.dictionary.get(String(row.table_name ?? ""));
  return !parent || instance.access.may(session.user, parent, "read", String(row.table_sys_id));
}

/** The property that says who may attach files at all; empty for everybody. */
export function hasAttachmentRole(instance: Instance, user: User): boolean {
  const property = instance.store.get(
    "SELECT value FROM sys_properties WHERE name = 'glide.attachment.role'",
  );
  const roles = String(property?.value ?? "")
    .split(",")
    .map((role) => role.trim())
    .filter(Boolean);
  return user.admin || roles.length === 0 || roles.some((role) => user.roles.has(role));
}
