import { columnOf } from "../dictionary/model";
import type { Instance } from "../core/instance";
import { readJson, readRecord } from "../http/body";
import { errors } from "../core/errors";
import { param } from "../http/params";
import type { Router } from "../http/router";
import { json, result } from "../http/types";
import { asText, readInput } from "../records/input";
import { insertRecord } from "../records/write";
import { toWire } from "../store/values";
import { tableOf } from "./table";

/** E-mail, events, the current user, roles, and small helpers of the platform. */
export function messageApis(instance: Instance, router: Router): void {
  emailApi(instance, router);
  eventApi(instance, router);

  router.on("GET", "now/ui/user/current_user", ({ session: { user } }) =>
    result({
      user_sys_id: user.sysId,
      user_name: user.userName,
      user_display_name: user.name,
      user_initials: user.name
        .split(" ")
        .map((word) => word.charAt(0))
        .join(""),
      user_avatar: "",
      user_time_zone: user.timeZone,
    }),
  );
  router.on("GET", "global/user_role_inheritance", ({ query, session }) => {
    if (!session.user.admin && !session.user.roles.has("user_admin"))
      throw errors.forbidden("User Not Authorized", "Failed API level ACL Validation");
    const sysId = param(query, "user_sysid");
    if (sysId === undefined) throw errors.badRequest("Missing required parameter", "user_sysid is mandatory");
    const user = instance.users.byId(sysId);
    if (!user) throw errors.noRecord();
    return result({ user_name: user.userName, ...inheritedRoles(instance, sysId) });
  });
  router.on("GET", "now/check_plugin_installation/is_plugin_installed/:id", (_request, { id }) =>
    result({
      installed: ["com.snc.change_management", "com.sn_customerservice", "com.snc.knowledge3"].includes(id),
    }),
  );
  router.on("GET", "now/doc/table/schema", () =>
    result(
      [...instance.dictionary.tables.values()]
        .map(({ name, label }) => ({ label, value: name }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    ),
  );
  router.on("GET", "now/ui/meta/:table", (_request, { table: name }) => {
    const table = tableOf(instance, name);
    return result({
      columns: Object.fromEntries(
        [...table.columns.values()].map((column) => [
          column.element,
          {
            name: column.element,
            label: column.label,
            type: column.type,
            max_length: column.maxLength,
            mandatory: column.mandatory,
            read_only: column.readOnly,
            reference: column.reference ?? "",
            choices: [...(instance.choices.list(table, column.element)?.labels ?? [])].map(
              ([value, label]) => ({ value, label }),
            ),
          },
        ]),
      ),
    });
  });
  router.on("GET", "now/oauth/jwks", () => json(200, '{"keys":[]}'));
  for (const method of ["GET", "POST"])
    router.on(method, "now/graphql", () => {
      throw errors.badRequest("GraphQL is not served by this instance", "Use the Table API");
    });
}

function emailApi(instance: Instance, router: Router): void {
  const table = instance.dictionary.known("sys_email");
  router.on("POST", "now/email", (request) => {
    const { user } = request.session;
    if (!user.admin && !user.roles.has("email_api_send"))
      throw errors.forbidden("User Not Authorized", "The role email_api_send is required");
    const body = readRecord(request);
    const recipients = (name: string): string[] => {
      const given = body[name];
      const list = Array.isArray(given) ? given.map(asText) : asText(given).split(",");
      return list.map((address) => address.trim()).filter(Boolean);
    };
    const [to, cc, bcc] = [recipients("to"), recipients("cc"), recipients("bcc")];
    const all = [...to, ...cc, ...bcc];
    if (all.length === 0)
      throw errors.badRequest("Missing required parameter", "At least one recipient is required");
    if (all.length > 100)
      throw errors.badRequest("Too many recipients", "At most 100 recipients are allowed");
    if (to.length === 0) throw errors.badRequest("Missing required parameter", "to is mandatory");
    if (!body.table_name !== !body.table_record_id)
      throw errors.badRequest("Missing required parameter", "table_name and table_record_id go together");
    const wrong = all.find((address) => !/^[^\s@]+@[^\s@]+$|^.+<[^\s@]+@[^\s@]+>$/.test(address));
    if (wrong) throw errors.badRequest("Invalid recipient", "A recipient is no e-mail address");
    const values = {
      type: "send-ready",
      recipients: to.join(","),
      copied: cc.join(","),
      blind_copied: bcc.join(","),
      subject: body.subject,
      body: body.html ?? body.text,
      body_text: body.text,
      importance: body.importance,
      headers: body.headers === undefined ? "" : JSON.stringify(body.headers),
      target_table: body.table_name,
      instance: body.table_record_id,
    };
    const row = insertRecord(
      instance,
      request.session,
      table,
      readInput(instance, request.session, table, values, false),
    );
    const self = `/now/v1/email/${row.sys_id}`;
    return result({
      id: row.sys_id,
      links: [
        { rel: "self", href: self },
        { rel: "status", href: `${self}?sysparm_fields=id,type,state,error` },
      ],
    });
  });
  router.on("GET", "now/email/:id", (request, { id }) => {
    const row = instance.store.byId(table, id);
    const mine = row?.sys_created_by === request.session.user.userName;
    // Documented: what does not exist is 403 here, as what may not be read.
    if (!row || !(mine || instance.access.may(request.session.user, table, "read", id)))
      throw errors.forbidden(
        "Requested email not found",
        "The record does not exist or access is restricted",
      );
    const list = (name: string): string[] =>
      toWire(columnOf(table, name), row[name]).split(",").filter(Boolean);
    const whole: Record<string, unknown> = {
      id: row.sys_id,
      type: row.type,
      state: row.state,
      error: row.error_string ?? "",
      to: list("recipients"),
      cc: list("copied"),
      bcc: list("blind_copied"),
      headers: row.headers ? (JSON.parse(String(row.headers)) as unknown) : {},
      importance: row.importance ?? "",
      subject: row.subject ?? "",
      text: row.body_text ?? "",
      html: row.body ?? "",
      table_name: row.target_table ?? "",
      table_record_id: row.instance ?? "",
    };
    const fields = param(request.query, "sysparm_fields")?.split(",");
    return result(
      fields
        ? Object.fromEntries(
            fields.filter((name) => Object.hasOwn(whole, name)).map((name) => [name, whole[name]]),
          )
        : whole,
    );
  });
}

/** Events come in bulk and run no business rules. */
function eventApi(instance: Instance, router: Router): void {
  router.on("POST", "global/em/jsonv2", (request) => {
    const body = readJson(request) as { records?: unknown };
    if (!Array.isArray(body?.records)) throw errors.badRequest("Invalid request", "records must be a list");
    const table = instance.dictionary.known("em_event");
    if (!instance.access.may(request.session.user, table, "create")) throw errors.aclRefused("Insert");
    const counts = { Events: 0, Errors: 0 };
    for (const record of body.records as unknown[]) {
      if (typeof record !== "object" || record === null) {
        counts.Errors += 1;
        continue;
      }
      const values: Record<string, unknown> = { ...record };
      if (typeof values.additional_info === "object")
        values.additional_info = JSON.stringify(values.additional_info);
      insertRecord(
        instance,
        request.session,
        table,
        readInput(instance, request.session, table, values, false),
        { quiet: true },
      );
      counts.Events += 1;
    }
    return result({ "Default Bulk Endpoint": `${counts.Events} events were inserted` });
  });
}

/** Roles as paths: `/itil/sn_incident_read` for one's own and what they contain, `[Group]/role` for those of groups. */
function inheritedRoles(instance: Instance, userId: string): { from_group: string[]; from_role: string[] } {
  const { store } = instance;
  const paths = (roleId: string, before: string, seen: Set<string>): string[] => {
    const name = store.get("SELECT name FROM sys_user_role WHERE sys_id = ?", [roleId])?.name;
    if (typeof name !== "string" || seen.has(roleId)) return [];
    const inner = new Set([...seen, roleId]);
    const path = `${before}/${name}`;
    const contained = store.all("SELECT contains FROM sys_user_role_contains WHERE role = ?", [roleId]);
    return [path, ...contained.flatMap((row) => paths(String(row.contains), path, inner))];
  };
  const own = store.all("SELECT role FROM sys_user_has_role WHERE user = ? AND inherited IS NOT 1", [userId]);
  const groups = store.all(
    `SELECT h.role AS role, g.name AS "group" FROM sys_user_has_role h
     JOIN sys_user_group g ON g.sys_id = h.granted_by WHERE h.user = ? AND h.included_in_role IS NULL`,
    [userId],
  );
  return {
    from_group: groups.flatMap((row) => paths(String(row.role), `[${row.group}]`, new Set())),
    from_role: own.flatMap((row) => paths(String(row.role), "", new Set())),
  };
}
