import { hashPassword } from "../users/passwords";
import { cycle, type Random } from "../ids/random";
import { grantInherited } from "../records/role-grants";
import { adminId, grant, roleId } from "./base";
import { knownUsers } from "./known-users";
import { seedTime, type Seeder } from "./seeder";
import { fixedId } from "../ids/sys-id";

const firstNames = [
  "Alva",
  "Bruno",
  "Carla",
  "Dario",
  "Elena",
  "Femi",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Kira",
  "Luca",
  "Mina",
  "Nils",
  "Olga",
  "Pavel",
  "Rosa",
  "Samir",
  "Tara",
  "Umar",
];
const lastNames = [
  "Abbott",
  "Bauer",
  "Castro",
  "Dahl",
  "Eriksen",
  "Fontana",
  "Garcia",
  "Haas",
  "Ito",
  "Jansen",
  "Kovacs",
  "Larsen",
  "Moreau",
  "Novak",
  "Okafor",
  "Petrov",
  "Quinn",
  "Rossi",
  "Sato",
  "Tanaka",
];
const titles = ["Analyst", "Engineer", "Manager", "Director", "Technician", "Consultant"];

export interface People {
  users: string[];
  agents: string[];
  groups: string[];
  companies: string[];
  departments: string[];
  locations: string[];
}

export function seedPeople(seeder: Seeder, random: Random, userCount: number, groupCount: number): People {
  const companies = (
    [
      ["31bea3d53790200044e0bfc8bcbe5dec", "ACME North America"],
      ["e7c1f3d53790200044e0bfc8bcbe5deb", "ACME Corporation"],
      ["81fd65ecac1d55eb42a426568fc87a63", "ACME Japan"],
      ["81fbfe03ac1d55eb286d832de58ae1fd", "ACME France"],
    ] as const
  ).map(([sys_id, name]) => seeder.add("core_company", name, { sys_id, name }));
  const departments = ["Sales", "IT", "Finance", "HR", "Customer Support", "Development"].map((name) =>
    seeder.add("cmn_department", name, {
      name,
      ...(name === "Sales" ? { sys_id: "221db0edc611228401760aec06c9d929" } : {}),
      ...(name === "IT" ? { sys_id: "221f79b7c6112284005d646b76ab978c" } : {}),
    }),
  );
  const locations = (
    [
      ["San Diego", "USA"],
      ["New York", "USA"],
      ["Sydney", "Australia"],
      ["London", "United Kingdom"],
      ["Tokyo", "Japan"],
      ["Berlin", "Germany"],
    ] as const
  ).map(([city, country]) =>
    seeder.add("cmn_location", city, { name: city, full_name: `${country}/${city}`, city, country }),
  );
  const where = (): Record<string, string> => ({
    company: random.pick(companies),
    department: random.pick(departments),
    location: random.pick(locations),
  });

  const users = [adminId];
  const agents: string[] = [];
  for (const known of knownUsers) {
    const id = seeder.add("sys_user", known.userName, {
      ...(known.id ? { sys_id: known.id } : {}),
      user_name: known.userName,
      first_name: known.first,
      last_name: known.last,
      name: `${known.first} ${known.last}`,
      email: `${known.userName}@example.com`,
      time_zone: known.zone ?? null,
      date_format: known.dateFormat ?? null,
      time_format: known.timeFormat ?? null,
      web_service_access_only: known.webServiceOnly === true,
      user_password: hashPassword(known.userName, "seed"),
      ...where(),
    });
    grant(seeder, id, known.roles);
    // Who has no role is nobody's caller, so that these users see nothing at all.
    if (known.roles.length > 0) users.push(id);
    if (known.roles.includes("itil")) agents.push(id);
  }
  for (let at = knownUsers.length + 1; at < userCount; at += 1) {
    const first = cycle(firstNames, at);
    const last = cycle(lastNames, Math.floor(at / firstNames.length + at));
    const name = `${first.toLowerCase()}.${last.toLowerCase()}.${at}`;
    const id = seeder.add("sys_user", name, {
      user_name: name,
      first_name: first,
      last_name: last,
      name: `${first} ${last}`,
      email: `${name}@example.com`,
      title: random.pick(titles),
      phone: `+1 555 ${String(1000 + at)}`,
      vip: random.below(20) === 0,
      active: at % 37 !== 0,
      manager: random.pick(users),
      user_password: hashPassword(name, "seed"),
      ...where(),
    });
    grant(seeder, id, at % 4 === 0 ? ["itil", "snc_internal"] : ["snc_internal"]);
    users.push(id);
    if (at % 4 === 0) agents.push(id);
  }
  const groups = seedGroups(seeder, random, agents, groupCount);
  seeder.add("sys_group_has_role", "Incident Management", {
    group: fixedId("sys_user_group", "Incident Management"),
    role: roleId("sn_incident_write"),
  });
  for (const { user } of seeder.instance.store.all("SELECT DISTINCT user FROM sys_user_has_role"))
    grantInherited(seeder.instance, String(user), {
      sys_created_on: seedTime,
      sys_created_by: "admin",
      sys_updated_on: seedTime,
      sys_updated_by: "admin",
      sys_mod_count: 0,
    });
  return {
    users,
    agents,
    groups,
    companies,
    departments,
    locations,
  };
}

function seedGroups(seeder: Seeder, random: Random, agents: string[], count: number): string[] {
  const known: [string, string][] = [
    ["287ebd7da9fe198100f92cc8d1d2154e", "Network"],
    ["d625dccec0a8016700a222a0f7900d06", "Service Desk"],
    ["8a5055c9c61122780043563ef53438e3", "Hardware"],
    ["8a4dde73c6112278017a6a4baf547aa7", "Software"],
    ["287ee6fea9fe198100ada7950d0b1b73", "Database"],
    ["5f6441efc0a8010e0177fcb589156352", "IT Securities"],
  ];
  const more = [
    "CAB Approval",
    "Application Development",
    "Openspace",
    "Capacity Mgmt",
    "Change Management",
    "Problem Solving",
    "Field Services",
    "eCAB Approval",
    "Catalog Request Approvers",
    "Incident Management",
    "Storage",
    "Messaging",
    "Desktop Support",
    "Identity",
  ];
  for (const name of more) known.push([fixedId("sys_user_group", name), name]);
  const groups: string[] = [];
  for (const [sys_id, name] of known.slice(0, count)) {
    seeder.add("sys_user_group", name, {
      sys_id,
      name,
      description: `${name} team`,
      manager: random.pick(agents),
      email: `${name.toLowerCase().replace(/\W+/g, ".")}@example.com`,
    });
    groups.push(sys_id);
    const members = new Set(Array.from({ length: 4 }, () => random.pick(agents)));
    for (const user of members) seeder.add("sys_user_grmember", `${sys_id} ${user}`, { group: sys_id, user });
  }
  return groups;
}
