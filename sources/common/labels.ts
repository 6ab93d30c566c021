import type { ServiceNow } from "../../common";
import { cell } from "../../common/change-feed";
import { choiceOptions } from "../../apps/servicenow/options/choices";
import { recordLabel } from "../../apps/servicenow/record-label";
import { shown, type Row } from "./payload";
import { isSysId } from "../../common/sys-id";

const KNOWN_TARGETS: Record<string, string> = {
  assigned_to: "sys_user",
  caller_id: "sys_user",
  opened_by: "sys_user",
  closed_by: "sys_user",
  assignment_group: "sys_user_group",
  cmdb_ci: "cmdb_ci",
};

/** Turns stored values of a table's columns into what people see. What cannot be found out stays as it is stored. */
export class Labels {
  private readonly choices = new Map<string, Promise<Map<string, string>>>();
  private readonly records = new Map<string, Promise<string>>();

  constructor(
    private readonly client: ServiceNow,
    private readonly table: string,
  ) {}

  /** `row`: the record as it is now, read with display values and reference links. */
  async of(column: string, value: string, row: Row | undefined): Promise<string> {
    if (value === "") return "";
    if (row && cell(row, column) === value) return shown(row, column) || value;
    if (isSysId(value)) {
      const target = targetOf(row?.[column]) ?? KNOWN_TARGETS[column];
      return target ? this.record(target, value) : value;
    }
    const choices = await this.choicesOf(column);
    return choices.get(value) ?? value;
  }

  private choicesOf(column: string): Promise<Map<string, string>> {
    let found = this.choices.get(column);
    if (!found) {
      found = choiceOptions(this.client, this.table, column).then(
        (options) => new Map(options.map(({ label, value }) => [value, label])),
        () => new Map<string, string>(),
      );
      this.choices.set(column, found);
    }
    return found;
  }

  private record(table: string, sysId: string): Promise<string> {
    const key = `${table} ${sysId}`;
    let found = this.records.get(key);
    if (!found) {
      found = this.client
        .table(table)
        .first({
          query: `sys_id=${sysId}`,
          fields: ["sys_id", "name", "number", "short_description", "label"],
        })
        .then(
          (row) => (row ? recordLabel(row) : sysId),
          () => sysId,
        );
      this.records.set(key, found);
    }
    return found;
  }
}

/** The table a reference cell links to. */
function targetOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("link" in value)) return undefined;
  return /\/table\/([a-z0-9_]+)\//.exec(String(value.link))?.[1];
}
