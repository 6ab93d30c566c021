import { plantCatalog } from "./catalog";
import { plantChangeTemplates } from "./changes";
import { plantCustomers } from "./customers";
import { plantTransformMaps } from "./imports";
import { plantKnowledge } from "./knowledge";
import type { People } from "./people";
import { plantRequests } from "./requests";
import type { Random } from "../random";
import type { Planter } from "./plant";

/** What the demo has beyond tasks: the catalog, articles, change templates, customers, staging tables. */
export function plantApis(planter: Planter, random: Random, people: People): void {
  plantTransformMaps(planter);
  plantCatalog(planter);
  plantChangeTemplates(planter);
  plantKnowledge(planter, random, people);
  plantCustomers(planter);
  plantRequests(planter, random, people);
}
