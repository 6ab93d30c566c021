import { seedVariables, type Values } from "./catalog-variables";
import { seedVariableSets } from "./catalog-sets";
import type { Seeder } from "./seeder";

const serviceCatalog = "e0d08b13c3330100c8b837659bba8fb4";
const technicalCatalog = "742ce428d7211100f2d224837e61036d";
const hardwareGroup = "8a5055c9c61122780043563ef53438e3";
/** The item with variable sets. */
export const eventRoom = "b2c5e1a7f4d3480e9a6b7c8d9e0f1a2b";
const deskGroup = "d625dccec0a8016700a222a0f7900d06";
const days = (count: number): string => `1970-01-${String(1 + count).padStart(2, "0")} 00:00:00`;

/** Catalogs with categories and items: every type of variable, prices, a record producer, an order guide. */
export function seedCatalog(seeder: Seeder): void {
  seeder.add("sc_catalog", "service", {
    sys_id: serviceCatalog,
    title: "Service Catalog",
    description: "What employees can ask for",
  });
  seeder.add("sc_catalog", "technical", {
    sys_id: technicalCatalog,
    title: "Technical Catalog",
    description: "Products and services for technical staff",
  });
  const category = (title: string, values: Values = {}): string =>
    seeder.add("sc_category", title, {
      title,
      description: `${title} to choose from`,
      sc_catalog: serviceCatalog,
      ...values,
    });
  const hardware = category("Hardware", { sys_id: "d258b953c611227a0146101fb1be7c31" });
  const tablets = category("Tablets", { sys_id: "b06546f23731300054b6a3549dbe5dd8", parent: hardware });
  const services = category("Services", { sys_id: "109f0438c6112276003ae8ac13e7009d" });
  const help = category("Can We Help You?", { sys_id: "e15706fc0a0a0aa7007fc21e1ab70c2f" });
  category("Infrastructure", { sc_catalog: technicalCatalog });
  seedLaptop(seeder, hardware);
  seedItem(seeder, "Apple iPad 3", tablets, {
    sys_id: "060f3afa3731300054b6a3549dbe5d3e",
    short_description: "Apple iPad 3",
    price: "600.00",
    delivery_time: days(2),
    group: hardwareGroup,
  });
  const monitor = seedItem(seeder, "External Monitor", hardware, {
    sys_id: "e1be6dcb4f7b4200086eeed18110c74c",
    short_description: "A 27 inch monitor",
    order: 200,
    delivery_time: days(2),
  });
  const mail = seedItem(seeder, "New Email Account", services, {
    sys_id: "186d917a6fab7980575967ddbb3ee4f2",
    short_description: "A mailbox for a new colleague",
    order: 300,
    group: deskGroup,
  });
  seedVariables(seeder, mail, [
    ["new_email", 26, "Preferred Email address", { mandatory: true }],
    ["requested_for", 31, "Requested for", {}],
  ]);
  const network = seedItem(seeder, "Network Port", "", {
    short_description: "A port in the office network",
    sc_catalogs: technicalCatalog,
    price: "20.00",
  });
  seedVariables(seeder, network, [
    ["room", 6, "Which room?", { mandatory: true }],
    ["speed", 5, "How fast?", {}],
  ]);
  seedItem(seeder, "Server Rack Space", "", {
    short_description: "Space in a data center",
    sc_catalogs: technicalCatalog,
    roles: "itil",
    price: "90.00",
    recurring_price: "90.00",
    recurring_frequency: "monthly",
  });
  seedItem(seeder, "Retired Phone", hardware, { active: false, price: "10.00" });
  seedEveryType(seeder, services);
  seedProducer(seeder, help);
  seedGuide(seeder, services, monitor, mail);
  const event = seedItem(seeder, "Room for an Event", services, {
    sys_id: eventRoom,
    short_description: "A room with everything for an event",
    order: 500,
    price: "50.00",
    group: deskGroup,
  });
  seedVariables(seeder, event, [
    ["occasion", 6, "What is it for?", { mandatory: true }],
    ["catering", 7, "Catering", { price_if_checked: "25.00" }],
  ]);
  seedVariableSets(seeder, event);
}

function seedItem(seeder: Seeder, name: string, category: string, values: Values): string {
  return seeder.add("sc_cat_item", name, {
    name,
    category: category || null,
    sc_catalogs: serviceCatalog,
    order: 100,
    short_description: name,
    description: `<p>${name}</p>`,
    ...values,
  });
}

const laptop = "04b7e94b4f7b4200086eeed18110c7fd";

function seedLaptop(seeder: Seeder, hardware: string): void {
  seedItem(seeder, "Standard Laptop", hardware, {
    sys_id: laptop,
    short_description: "A laptop for office work",
    price: "1100.00",
    recurring_price: "100.00",
    recurring_frequency: "yearly",
    delivery_time: days(5),
    group: hardwareGroup,
  });
  seedVariables(seeder, laptop, [
    ["optional_software", 19, "Optional Software", {}],
    ["acrobat", 7, "Adobe Acrobat", { sys_id: "90b72d4b4f7b4200086eeed18110c701" }],
    ["photoshop", 7, "Adobe Photoshop", { sys_id: "a8b72d4b4f7b4200086eeed18110c701" }],
    ["optional_software_end", 20, "", {}],
    ["Additional_software_requirements", 2, "Additional software requirements", {}],
  ]);
}

function seedEveryType(seeder: Seeder, category: string): void {
  const item = seedItem(seeder, "Workplace Set Up", category, {
    sys_id: "962967674ff38200086eeed18110c7e7",
    short_description: "A desk and everything on it",
    order: 400,
    group: deskGroup,
  });
  const variables = seedVariables(seeder, item, [
    ["remote", 1, "Working from home?", { default_value: "No" }],
    ["remarks", 2, "Remarks", { help_text: "Anything we should know" }],
    ["chair", 3, "Chair", { choices: "standard:Standard,ergonomic:Ergonomic:150" }],
    ["importance", 4, "How important is it?", { choices: "1:Not very,2:Somewhat,3:Very" }],
    [
      "desk",
      5,
      "Desk",
      {
        mandatory: true,
        choices: "fixed:Fixed height,standing:Standing desk:300",
        attributes: "unique=true",
      },
    ],
    ["room", 6, "Room", {}],
    ["lamp", 7, "Lamp", { default_value: "true" }],
    ["manager", 8, "Manager", { reference: "sys_user" }],
    ["from_day", 9, "From", {}],
    ["meeting", 10, "Introduction at", {}],
    ["about", 11, "About you", {}],
    ["title", 16, "Title for the door", {}],
    [
      "building",
      18,
      "Location",
      { lookup_table: "cmn_location", lookup_value: "sys_id", lookup_label: "name" },
    ],
    ["access", 19, "Access", {}],
    ["groups", 21, "Groups", { reference: "sys_user_group" }],
    ["access_split", 24, "", {}],
    [
      "department",
      22,
      "Department",
      { lookup_table: "cmn_department", lookup_value: "sys_id", lookup_label: "name" },
    ],
    ["access_end", 20, "", {}],
    ["welcome", 23, "Welcome text", {}],
    ["pin", 25, "PIN for the door", {}],
    ["contact_mail", 26, "Mail", {}],
    ["plan", 27, "Link to the plan", {}],
    ["address", 28, "IP address of the old desk", {}],
    ["stay", 29, "How long", {}],
    ["for_whom", 31, "Requested for", {}],
    ["thanks", 32, "Thank you", {}],
    ["photo", 33, "Photo", {}],
  ]);
  const policy = seeder.add("catalog_ui_policy", "remote needs no desk", {
    short_description: "Who works from home needs no room",
    catalog_item: item,
    catalog_conditions: `IO:${variables.remote}=Yes^EQ`,
  });
  seeder.add("catalog_ui_policy_action", "remote room", {
    ui_policy: policy,
    catalog_item: item,
    catalog_variable: `IO:${variables.room}`,
    variable: "room",
    visible: "false",
    mandatory: "false",
  });
}

function seedProducer(seeder: Seeder, category: string): void {
  const id = seeder.add("sc_cat_item_producer", "Create Incident", {
    sys_id: "3f1dd0320a0a0b99000a53f7604a2ef9",
    name: "Create Incident",
    short_description: "Create an incident record to report and request help with an issue",
    category,
    sc_catalogs: serviceCatalog,
    table_name: "incident",
    order: 10,
  });
  seedVariables(seeder, id, [
    ["urgency", 5, "Urgency", { choices: "1:1 - High,2:2 - Medium,3:3 - Low", default_value: "3" }],
    ["comments", 2, "Please describe your issue below", { mandatory: true }],
    ["what", 6, "In a few words", { field: "short_description" }],
  ]);
}

function seedGuide(seeder: Seeder, category: string, monitor: string, mail: string): void {
  const guide = seeder.add("sc_cat_item_guide", "New Hire", {
    sys_id: "6690750f4f7b4200086eeed18110c761",
    name: "New Hire",
    short_description: "Everything a new colleague needs",
    category,
    sc_catalogs: serviceCatalog,
    order: 20,
  });
  seedVariables(seeder, guide, [
    ["hiring_manager", 8, "Hiring manager", { reference: "sys_user" }],
    ["remote", 1, "Working remotely?", { mandatory: true }],
    ["laptop_type", 5, "Laptop", { choices: "standard:Standard,none:None", default_value: "standard" }],
  ]);
  const rules: [string, string][] = [
    [laptop, "laptop_type=standard"],
    [monitor, "remote=No"],
    [mail, ""],
  ];
  for (const [place, [item, condition]] of rules.entries())
    seeder.add("sc_cat_item_guide_items", `${guide} ${item}`, {
      guide,
      item,
      order: (place + 1) * 100,
      condition: condition || null,
    });
}
