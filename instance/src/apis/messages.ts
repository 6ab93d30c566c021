import type { Instance } from "../core";
import { readJson, readRecord } from "../http/body";
import { errors } from "../http/errors";
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
    const user = instance.users.byId(param(query, "user_sysid") ?? session.user.sysId);
    if (!user) throw errors.noRecord();
    return result([...user.roles].sort().map((role) => ({ role, inherited: false })));
  });
  router.on("GET", "now/check_plugin_installation/is_plugin_installed/:id", (_request, { id }) =>
    result({
      installed: ["com.snc.change_management", "com.sn_customerservice", "com.snc.knowledge3"].includes(id!),
    }),
  );
  router.on("GET", "now/ui/meta/:table", (_request, { table: name }) => {
    const table = tableOf(instance, name!);
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
  const table = instance.dictionary.get("sys_email")!;
  router.on("POST", "now/email", (request) => {
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
    const row = instance.store.byId(table, id!);
    const mine = row?.sys_created_by === request.session.user.userName;
    if (!row || !(mine || instance.access.may(request.session.user, table, "read", id!)))
      throw errors.noRecord();
    const list = (name: string): string[] =>
      toWire(table.columns.get(name)!, row[name]).split(",").filter(Boolean);
    const whole: Record<string, unknown> = {
      id: row.sys_id,
      type: row.type,
      state: row.state,
      error: row.error_string ?? "",
      to: list("recipients"),
      cc: list("copied"),
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
    const table = instance.dictionary.get("em_event")!;
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
