import type { Instance } from "../core/instance";
import { Random } from "../ids/random";
import { stamp } from "../clock/time";
import type { People } from "./people";

const subjects = [
  "Cannot log in to the VPN",
  "Email is slow",
  "Laptop does not start",
  "Printer on floor 3 is offline",
  "Request for more storage",
  "Outlook crashes on start",
  "SAP returns an error on posting",
  "Wi-Fi drops in the meeting room",
  "Password reset does not arrive",
  "Monitor flickers",
  "Shared drive is read-only",
  "Application is very slow since the update",
  "Database connection times out",
  "Phone has no dial tone",
  "Cannot open attachments",
  "New starter has no access",
  "Web site shows a certificate warning",
  "Backup job failed",
  "Screen sharing does not work",
  "Keyboard types the wrong letters",
];
const categories = ["inquiry", "software", "hardware", "network", "database"];
const channels = ["phone", "email", "self-service", "walk-in"];
const closeCodes = [
  "Solution provided",
  "Workaround provided",
  "Resolved by caller",
  "User error",
  "Known error",
];
const priorities = [1, 2, 3, 2, 3, 4, 3, 4, 5];

const first = Date.UTC(2024, 0, 2, 8);
const span = 700 * 86_400_000;
/** So many neighbours share a creation second, as records of a bulk job do. */
const tie = 5;

const columns = [
  "sys_id",
  "sys_class_name",
  "number",
  "task_effective_number",
  "short_description",
  "description",
  "caller_id",
  "opened_by",
  "opened_at",
  "state",
  "incident_state",
  "impact",
  "urgency",
  "priority",
  "severity",
  "category",
  "subcategory",
  "contact_type",
  "assignment_group",
  "assigned_to",
  "active",
  "approval",
  "upon_approval",
  "upon_reject",
  "escalation",
  "made_sla",
  "knowledge",
  "notify",
  "reassignment_count",
  "reopen_count",
  "company",
  "location",
  "cmdb_ci",
  "business_service",
  "close_code",
  "close_notes",
  "resolved_at",
  "resolved_by",
  "closed_at",
  "closed_by",
  "business_duration",
  "calendar_duration",
  "sys_domain",
  "sys_domain_path",
  "sys_created_on",
  "sys_created_by",
  "sys_updated_on",
  "sys_updated_by",
  "sys_mod_count",
];

/** Fills the incident table with `count` rows in one go. */
export function seedIncidents(instance: Instance, count: number, people: People, items: string[]): void {
  const random = new Random(instance.config.seed + 17);
  const insert = instance.store.db.prepare(
    `INSERT INTO task (${columns.map((name) => `"${name}"`).join(",")}) VALUES (${columns.map(() => "?").join(",")})`,
  );
  const step = span / Math.max(1, Math.ceil(count / tie));
  const agentNames = new Map<string, string>();
  const nameOf = (id: string): string => {
    let name = agentNames.get(id);
    if (name === undefined) agentNames.set(id, (name = instance.users.byId(id)?.userName ?? "admin"));
    return name;
  };
  instance.store.transaction(() => {
    for (let at = 0; at < count; at += 1) {
      const created = first + Math.floor((Math.floor(at / tie) * step) / 1000) * 1000;
      const state = at % 10 < 3 ? 1 : at % 10 < 5 ? 2 : at % 10 === 5 ? 3 : at % 10 < 8 ? 6 : 7;
      const resolved = state >= 6;
      const worked = created + 3_600_000 * (1 + random.below(80));
      const updated = state === 1 ? created : worked;
      const impact = 1 + random.below(3);
      const urgency = 1 + random.below(3);
      const agent = random.pick(people.agents);
      const caller = random.pick(people.users);
      const openedBy = random.pick(people.agents);
      const subject = random.pick(subjects);
      const number = `INC${String(at + 1).padStart(7, "0")}`;
      const duration = stamp(updated - created);
      insert.run(
        at === 59 ? "1c741bd70b2322007518478d83673af3" : random.hex(32),
        "incident",
        number,
        number,
        subject,
        `${subject}. Reported by phone, started today, several people are affected.`,
        caller,
        openedBy,
        stamp(created),
        state,
        state,
        impact,
        urgency,
        priorities[(impact - 1) * 3 + urgency - 1] ?? null,
        3,
        random.pick(categories),
        null,
        random.pick(channels),
        random.pick(people.groups),
        state === 1 ? null : agent,
        state === 7 ? 0 : 1,
        "not requested",
        "proceed",
        "cancel",
        0,
        1,
        0,
        1,
        random.below(3),
        0,
        random.pick(people.companies),
        random.pick(people.locations),
        at % 3 === 0 && items.length > 0 ? random.pick(items) : null,
        null,
        resolved ? random.pick(closeCodes) : null,
        resolved ? "Fixed and confirmed by the caller." : null,
        resolved ? stamp(worked) : null,
        resolved ? agent : null,
        state === 7 ? stamp(worked) : null,
        state === 7 ? agent : null,
        resolved ? duration : null,
        resolved ? duration : null,
        "global",
        "/",
        stamp(created),
        nameOf(openedBy),
        stamp(updated),
        nameOf(state === 1 ? openedBy : agent),
        state === 1 ? 0 : 1 + random.below(4),
      );
    }
  });
  instance.store.touch("task");
  instance.numbers.startAt("INC", count + 1);
}
