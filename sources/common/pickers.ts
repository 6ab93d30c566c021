import { ACTIVE } from "../../apps/servicenow/props/shared";
import { columnChoices, recordChoices } from "./props";

const several = (of: string) => `Only records with one of these values of ${of}. All if empty.`;

/** Values of a choice column, several of which may be chosen. */
export const choices = (table: string, column: string, label: string, example: string) =>
  ({
    type: "string[]",
    label,
    description: `${several(`\`${column}\``)} Stored values, such as ${example}.`,
    optional: true,
    options: columnChoices(table, column),
  }) as const;

/** Records of another table that a reference column points at. */
export const references = (
  table: string,
  label: string,
  what: string,
  settings?: Parameters<typeof recordChoices>[1],
) =>
  ({
    type: "string[]",
    label,
    description: `Only records ${what}, given by \`sys_id\` or exact name. Type a part of the name to find one. All if empty.`,
    optional: true,
    useQuery: true,
    options: recordChoices(table, settings),
  }) as const;

export const assignmentGroup = references(
  "sys_user_group",
  "Assignment Group",
  "assigned to one of these groups",
  {
    where: ACTIVE,
  },
);
export const assignedTo = references("sys_user", "Assigned To", "assigned to one of these people", {
  where: ACTIVE,
});
