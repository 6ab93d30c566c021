import { seedCatalog } from "./catalog";
import { seedChangeTemplates } from "./changes";
import { seedCustomers } from "./customers";
import { seedTransformMaps } from "./imports";
import { seedKnowledge } from "./knowledge";
import { seedOnCall } from "./on-call";
import type { People } from "./people";
import { seedRequests } from "./requests";
import type { Random } from "../ids/random";
import type { Seeder } from "./seeder";

/** What the demo has beyond tasks: the catalog, articles, change templates, customers, staging tables. */
export function seedApis(seeder: Seeder, random: Random, people: People): void {
  seedTransformMaps(seeder);
  seedCatalog(seeder);
  seedChangeTemplates(seeder);
  seedKnowledge(seeder, random, people);
  seedCustomers(seeder);
  seedOnCall(seeder);
  seedRequests(seeder, random, people);
}
