import type { HostEvent } from "./host-client";
import type { Version } from "./instance-writer";

/** What came of a set of written versions. `lost`, `doubled`, `unknown` and `outOfOrder` must be 0. */
export interface Verdict {
  written: number;
  emitted: number;
  /** Overwritten before any poll could read them. */
  coalesced: number;
  /** Final states that never came. */
  lost: number;
  doubled: number;
  /** Events about a version nobody wrote. */
  unknown: number;
  /** A version of a record that came after a later one of the same record. */
  outOfOrder: number;
}

const nameOf = (version: { sys_id: string; sys_updated_on: string; sys_mod_count: string }): string =>
  `${version.sys_id} ${version.sys_updated_on} ${version.sys_mod_count}`;

/** Compares the events of a trigger with the writer's log. Events of records that are not in the log are left out by the caller. */
export function judge(log: Version[], events: HostEvent[]): Verdict {
  const known = new Set(log.map(nameOf));
  const finals = new Map<string, Version>();
  for (const version of log) {
    const last = finals.get(version.sys_id);
    if (!last || Number(version.sys_mod_count) >= Number(last.sys_mod_count))
      finals.set(version.sys_id, version);
  }
  const seen = new Set<string>();
  const lastCount = new Map<string, number>();
  const verdict: Verdict = {
    written: log.length,
    emitted: 0,
    coalesced: 0,
    lost: 0,
    doubled: 0,
    unknown: 0,
    outOfOrder: 0,
  };
  for (const { e } of events) {
    const version = e as unknown as Version;
    const name = nameOf(version);
    if (seen.has(name)) verdict.doubled += 1;
    else if (!known.has(name)) verdict.unknown += 1;
    else verdict.emitted += 1;
    seen.add(name);
    const count = Number(version.sys_mod_count);
    if (count < (lastCount.get(version.sys_id) ?? -1)) verdict.outOfOrder += 1;
    lastCount.set(version.sys_id, Math.max(count, lastCount.get(version.sys_id) ?? -1));
  }
  for (const final of finals.values()) if (!seen.has(nameOf(final))) verdict.lost += 1;
  verdict.coalesced = log.filter(
    (version) => !seen.has(nameOf(version)) && nameOf(finals.get(version.sys_id)!) !== nameOf(version),
  ).length;
  return verdict;
}

/** True when everything the log holds arrived as promised. */
export function isClean(verdict: Verdict): boolean {
  return (
    verdict.lost === 0 &&
    verdict.doubled === 0 &&
    verdict.unknown === 0 &&
    verdict.outOfOrder === 0 &&
    verdict.emitted + verdict.coalesced === verdict.written
  );
}
