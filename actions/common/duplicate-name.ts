import { sysIdFromKey, type ServiceNow } from "../../common";
import { plainValue, wrongInput } from "./input";
import { furtherValues } from "./record-values";
import { equalsAny } from "../../common/records/named-records";

/** What may not be doubled, by table: the column, the prop that fills it, and the action that changes the one who has it. */
const NAMES = {
  sys_user: { column: "user_name", prop: "userName", recordType: "user", action: "Update User" },
  sys_user_group: { column: "name", prop: "name", recordType: "group", action: "Update Group" },
} as const;

/**
 * Stops a creation or a change whose name belongs to another record already.
 * @param props of the action; the name may also stand among the further columns. What the same correlation id made is not another.
 * @param changed sys_id of the record that is changed
 */
export async function refuseDuplicateName(
  client: ServiceNow,
  table: keyof typeof NAMES,
  props: object & { correlationId?: string | undefined },
  label: string,
  changed?: string,
): Promise<void> {
  const { column, prop, recordType, action } = NAMES[table];
  const given = plainValue(furtherValues(props)[column] ?? Reflect.get(props, prop));
  const name = typeof given === "string" ? given.trim() : "";
  if (!name) return;
  const { rows } = await client
    .table(table)
    .page({ query: equalsAny([column], name), fields: ["sys_id"], limit: 2 });
  const own = changed ?? (props.correlationId && (await sysIdFromKey(table, props.correlationId)));
  const taken = rows.find(({ sys_id: id }) => id !== own);
  if (taken)
    throw wrongInput(
      `${label}: "${name}" belongs to a ${recordType} already (${taken.sys_id}). Change it with the action "${action}", or take another name.`,
    );
}
