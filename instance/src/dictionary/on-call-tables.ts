import type { ShortTable } from "./further-tables";

/** Tables of On-Call Scheduling: a shift (`cmn_rota`) of a group has rosters, whose members take turns. */
export const onCallTables: Record<string, ShortTable> = {
  cmn_rota: {
    label: "On-Call Rota",
    columns:
      "name:string* active:boolean=true group:reference>sys_user_group schedule:reference>cmn_schedule catch_all:string escalation_type:string",
  },
  cmn_rota_roster: {
    label: "On-Call Roster",
    columns:
      "name:string* active:boolean=true rota:reference>cmn_rota order:integer=1 rotation_interval_type:string=weekly rotation_interval_count:integer=1 rotation_start_date:glide_date rotation_start_time:string",
  },
  cmn_rota_member: {
    label: "On-Call Roster Member",
    columns:
      "member:reference>sys_user* roster:reference>cmn_rota_roster order:integer from:glide_date to:glide_date rotation_schedule:reference>cmn_schedule",
  },
};
