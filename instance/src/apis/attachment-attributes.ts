import type { Instance } from "../core/instance";
import { readRecord } from "../http/body";
import { errors } from "../core/errors";
import type { Router } from "../http/router";
import { empty, result, type ApiRequest, type ApiResponse } from "../http/types";
import { found, writable } from "./attachment-access";
import { asText } from "../records/input";

/** Attributes of one's own on attachments: all of them, or one by its key. */
export function attachmentAttributes(instance: Instance, router: Router): void {
  const all = (id: string): Record<string, string> =>
    Object.fromEntries(
      instance.store
        .all("SELECT name, value FROM attachment_attribute WHERE sys_id = ?", [id])
        .map((row) => [String(row.name), String(row.value)]),
    );
  const write = (request: ApiRequest, id: string, status: number, key?: string): ApiResponse => {
    writable(instance, request, id, "Update");
    const given = readRecord(request);
    const named = key === undefined ? given : { [key]: given[key] ?? given.value };
    for (const [name, value] of Object.entries(named).slice(0, 100))
      instance.store.run(
        "INSERT INTO attachment_attribute (sys_id, name, value) VALUES (?, ?, ?) ON CONFLICT (sys_id, name) DO UPDATE SET value = excluded.value",
        [id, name.slice(0, 200), asText(value).slice(0, 4000)],
      );
    return result(all(id), status);
  };
  router.on("GET", "now/attachment/:id/attributes", (request, { id }) => {
    found(instance, request, id);
    return result(all(id));
  });
  router.on("GET", "now/attachment/:id/attributes/:key", (request, { id, key }) => {
    found(instance, request, id);
    const value = new Map(Object.entries(all(id))).get(key);
    if (value === undefined) throw errors.noRecord();
    return result({ [key]: value });
  });
  router.on("POST", "now/attachment/:id/attributes", (request, { id }) => write(request, id, 201));
  router.on("PUT", "now/attachment/:id/attributes", (request, { id }) => write(request, id, 200));
  router.on("POST", "now/attachment/:id/attributes/:key", (request, { id, key }) =>
    write(request, id, 201, key),
  );
  router.on("PUT", "now/attachment/:id/attributes/:key", (request, { id, key }) =>
    write(request, id, 200, key),
  );
  router.on("DELETE", "now/attachment/:id/attributes", (request, { id }) => {
    writable(instance, request, id, "Update");
    instance.store.run("DELETE FROM attachment_attribute WHERE sys_id = ?", [id]);
    return empty(204);
  });
  router.on("DELETE", "now/attachment/:id/attributes/:key", (request, { id, key }) => {
    writable(instance, request, id, "Update");
    instance.store.run("DELETE FROM attachment_attribute WHERE sys_id = ? AND name = ?", [id, key]);
    return empty(204);
  });
}
