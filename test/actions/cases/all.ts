import type { ActionCase } from "../../helpers/action-cases";
import { cases as catalog } from "./catalog";
import { cases as files } from "./files";
import { cases as knowledge } from "./knowledge-and-cmdb";
import { cases as onCall } from "./on-call-and-relations";
import { cases as people } from "./people";
import { cases as workflow } from "./problems-changes-cases";
import { cases as records } from "./records";
import { cases as tasks } from "./tasks";

/** One case for each action. */
export const CASES: ActionCase[] = [
  ...records,
  ...tasks,
  ...workflow,
  ...catalog,
  ...knowledge,
  ...people,
  ...files,
  ...onCall,
];

/** Files that the cases leave behind. */
export const CASE_FILES = ["groups.csv", "down.txt", "manual.txt"].map((name) => `/tmp/kit-case-${name}`);
