import type { Version } from "../../common/change-feed";
import { label } from "./payload";
import type { RecordPlan } from "./record-source";

export type VersionKind = "created" | "updated";

/**
 * The part of a plan that tells creations from updates. A record that was created and changed since the last poll is both: a creation where
 * creations are wanted, otherwise an update.
 */
export function createdOrUpdated(
  accepts: readonly VersionKind[],
): Pick<RecordPlan, "accepts" | "summary" | "more"> {
  const kindOf = ({ created, modCount }: Version): VersionKind | undefined => {
    if (created && accepts.includes("created")) return "created";
    return modCount !== "0" && accepts.includes("updated") ? "updated" : undefined;
  };
  return {
    accepts: (version) => kindOf(version) !== undefined,
    summary: (row, version) => `${kindOf(version) === "created" ? "Created" : "Updated"}: ${label(row)}`,
    more: (version) => ({ change: kindOf(version) }),
  };
}
