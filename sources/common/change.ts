import type { Version } from "../../common/feed";
import { label } from "./payload";
import type { RecordPlan } from "./record-source";

export type Change = "created" | "updated";

/**
 * The part of a plan that tells creations from updates. A record that was created and changed since the last poll is both: a creation where
 * creations are wanted, otherwise an update.
 */
export function changes(wanted: readonly Change[]): Pick<RecordPlan, "wanted" | "summary" | "more"> {
  const changeOf = ({ created, modCount }: Version): Change | undefined => {
    if (created && wanted.includes("created")) return "created";
    return modCount !== "0" && wanted.includes("updated") ? "updated" : undefined;
  };
  return {
    wanted: (version) => changeOf(version) !== undefined,
    summary: (row, version) => `${changeOf(version) === "created" ? "Created" : "Updated"}: ${label(row)}`,
    more: (version) => ({ change: changeOf(version) }),
  };
}
