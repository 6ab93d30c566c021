import type { Instance } from "../core/instance";
import { Random } from "../ids/random";
import { seedAdministration } from "./administration";
import { seedApis } from "./apis";
import { seedAssets } from "./assets";
import { seedBase } from "./base";
import { seedIncidents } from "./incidents";
import { seedPeople } from "./people";
import { Seeder } from "./seeder";
import { seedRecords } from "./records";

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
    const seeder = new Seeder(instance);
    const random = new Random(instance.config.seed);
    // Nothing is lost when this is cut short: the file is then filled again.
    store.db.exec("PRAGMA synchronous = OFF");
    store.transaction(() => {
      seedBase(seeder);
      if (options.seed !== "demo") return;
      const people = seedPeople(seeder, random, options.users ?? 100, options.groups ?? 20);
      const items = seedRecords(seeder, random, people);
      seedApis(seeder, random, people);
      seedIncidents(instance, options.incidents, people, items);
      seedAssets(seeder, new Random(instance.config.seed + 29), people);
      seedAdministration(seeder);
    });
    store.createIndexes();
    store.setState("seeded", options.seed);
    store.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    store.db.exec("PRAGMA synchronous = NORMAL");
  } else store.createIndexes();
}
