/** Choice lists beyond the recorded ones. */
export const extraChoices = {
  "sc_cat_item.recurring_frequency": choiceList("daily:Daily", "monthly:Monthly", "yearly:Annually"),
  "conflict.type": choiceList(
    "ci_already_scheduled:CI Already Scheduled",
    "parent_ci_already_scheduled:Parent CI Already Scheduled",
    "child_ci_already_scheduled:Child CI Already Scheduled",
    "not_in_maintenance_window:Not In Maintenance Window",
    "parent_not_in_maintenance_window:Parent Not In Maintenance Window",
    "child_not_in_maintenance_window:Child Not In Maintenance Window",
    "blackout:Blackout",
    "parent_blackout:Parent Blackout",
    "child_blackout:Child Blackout",
    "assigned_to_already_scheduled:Assigned To Already Scheduled",
  ),
  "cmn_schedule_span.repeat_type": choiceList(
    "daily:Daily",
    "weekdays:Every Weekday (Mon-Fri)",
    "weekends:Every Weekend (Sat, Sun)",
    "weekly:Weekly",
  ),
  "cmdb_ci.discovery_source": choiceList(
    "ServiceNow:ServiceNow",
    "ImportSet:ImportSet",
    "Manual Entry:Manual Entry",
    "Other Automated:Other Automated",
    "ServiceWatch:ServiceWatch",
    "SG-SCCM:SG-SCCM",
    "SG-AWS:SG-AWS",
  ),
  "task_sla.stage": choiceList(
    "in_progress:In progress",
    "paused:Paused",
    "completed:Completed",
    "breached:Breached",
    "cancelled:Cancelled",
  ),
  "catalog_ui_policy.applies_to": choiceList("item:A Catalog Item", "set:A Variable Set"),
  "item_option_new_set.type": choiceList("one_to_one:Single Row", "one_to_many:Multi Row"),
  "item_option_new.type": choiceList(
    "1:Yes / No",
    "2:Multi Line Text",
    "3:Multiple Choice",
    "4:Numeric Scale",
    "5:Select Box",
    "6:Single Line Text",
    "7:CheckBox",
    "8:Reference",
    "9:Date",
    "10:Date/Time",
    "11:Label",
    "14:Macro",
    "15:UI Page",
    "16:Wide Single Line Text",
    "18:Lookup Select Box",
    "19:Container Start",
    "20:Container End",
    "21:List Collector",
    "22:Lookup Multiple Choice",
    "23:HTML",
    "24:Container Split",
    "25:Masked",
    "26:Email",
    "27:URL",
    "28:IP Address",
    "29:Duration",
    "31:Requested For",
    "32:Rich Text Label",
    "33:Attachment",
  ),
};

function choiceList(...entries: string[]): { choices: { value: string; label: string; sequence: string }[] } {
  return {
    choices: entries.map((entry, at) => {
      const [value = "", label = ""] = entry.split(/:(.*)/s);
      return { value, label, sequence: String(at) };
    }),
  };
}
