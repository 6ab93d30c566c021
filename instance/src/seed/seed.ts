import type { Instance } from "../core";
import { Random } from "../random";
import { plantApis } from "./apis";
import { plantBase } from "./base";
import { plantIncidents } from "./incidents";
import { plantPeople } from "./people";
import { Planter } from "./plant";
import { plantRecords } from "./records";

export interface SeedOptions {
  seed: "demo" | "empty";
  incidents: number;
  users?: number;
  groups?: number;
}

/** Fills a new database; one that was filled before is left as it is. */
export function seedInstance(instance: Instance, options: SeedOptions): void {
  const { store } = instance;
  if (store.state("seeded") === undefined) {
    const planter = new Planter(instance);
    const random = new Random(instance.config.seed);
    // Nothing is lost when this is cut short: the file is then filled anew.
    store.db.exec("PRAGMA synchronous = OFF");
    store.transaction(() => {
      plantBase(planter);
      if (options.seed !== "demo") return;
      const people = plantPeople(planter, random, options.users ?? 100, options.groups ?? 20);
      const items = plantRecords(planter, random, people);
      plantApis(planter, random, people);
      plantIncidents(instance, options.incidents, people, items);
    });
    store.createIndexes();
    store.setState("seeded", options.seed);
    store.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    store.db.exec("PRAGMA synchronous = NORMAL");
  } else store.createIndexes();
}
