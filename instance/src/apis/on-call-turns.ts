import type { Instance } from "../core/instance";
import type { Session } from "../core/session";
import { localToUtc, parseStamp, zoneOffset } from "../clock/time";
import type { Row } from "../store/values";
import { spansOf, type Span } from "./change-windows";
import { known, text } from "./rows";

const day = 86_400_000;

/** Which shifts, rosters and people are asked for; empty lists are all. */
export interface OnCallFilter {
  groups: string[];
  rotas: string[];
  rosters: string[];
}

/** A roster of an active shift, with its members in order. */
export interface Roster {
  rota: Row;
  roster: Row;
  members: Row[];
}

/** The active rosters of the active shifts that are asked for. */
export function rostersOf(instance: Instance, { groups, rotas, rosters }: OnCallFilter): Roster[] {
  const isAsked = (asked: string[], id: string): boolean => asked.length === 0 || asked.includes(id);
  return instance.store
    .all("SELECT * FROM cmn_rota WHERE active = 1 ORDER BY name, sys_id", [])
    .filter((rota) => isAsked(rotas, text(rota, "sys_id")) && isAsked(groups, text(rota, "group")))
    .flatMap((rota) =>
      instance.store
        .all('SELECT * FROM cmn_rota_roster WHERE active = 1 AND rota = ? ORDER BY "order", name', [
          text(rota, "sys_id"),
        ])
        .filter((roster) => isAsked(rosters, text(roster, "sys_id")))
        .map((roster) => ({ rota, roster, members: membersOf(instance, roster) })),
    );
}

function membersOf(instance: Instance, roster: Row): Row[] {
  return instance.store.all('SELECT * FROM cmn_rota_member WHERE roster = ? ORDER BY "order", sys_id', [
    text(roster, "sys_id"),
  ]);
}

/** The hours of a shift that meet a span of time; a shift without a schedule is always on. */
export function hoursOf(instance: Instance, session: Session, rota: Row, within: Span): Span[] {
  const schedule = scheduleOf(instance, rota);
  return schedule ? spansOf(instance, session, schedule, within) : [within];
}

/** Members in the order in which they are called at a moment: whose turn it is first, then who comes next. */
export function turnAt(instance: Instance, session: Session, of: Roster, moment: number): Row[] {
  const date = new Date(moment).toISOString().slice(0, 10);
  const present = of.members.filter(
    (member) =>
      (text(member, "from") === "" || text(member, "from") <= date) &&
      (text(member, "to") === "" || text(member, "to") >= date),
  );
  if (present.length === 0) return [];
  const first = rotationNumber(instance, session, of, moment) % present.length;
  return [...present.slice(first), ...present.slice(0, first)];
}

/** The moments after `from` and before `to` at which the turn goes to the next member. */
export function handOffs(instance: Instance, session: Session, of: Roster, { start, end }: Span): number[] {
  const rotation = rotationOf(instance, session, of);
  if (!rotation) return [];
  const found: number[] = [];
  for (let number = rotationNumber(instance, session, of, start) + 1; ; number += 1) {
    const at = localToUtc(rotation.start + number * rotation.length, rotation.zone);
    if (at >= end) return found;
    if (at > start) found.push(at);
  }
}

/** How many turns there were since the rotation began; none before it. */
function rotationNumber(instance: Instance, session: Session, of: Roster, moment: number): number {
  const rotation = rotationOf(instance, session, of);
  if (!rotation) return 0;
  const local = moment + zoneOffset(rotation.zone, moment);
  return Math.max(0, Math.floor((local - rotation.start) / rotation.length));
}

/** Start (local, in milliseconds) and length of a turn; undefined for a roster that does not rotate. */
function rotationOf(
  instance: Instance,
  session: Session,
  { rota, roster }: Roster,
): { start: number; length: number; zone: string } | undefined {
  const every = Math.max(1, Number(roster.rotation_interval_count ?? 1));
  const unit = { daily: day, weekly: 7 * day }[text(roster, "rotation_interval_type")];
  const time = text(roster, "rotation_start_time") || "00:00:00";
  const start = parseStamp(`${text(roster, "rotation_start_date")} ${time}`);
  if (unit === undefined || start === undefined) return undefined;
  const schedule = scheduleOf(instance, rota);
  const zone = (schedule ? text(schedule, "time_zone") : "").replace(/^floating$/i, "");
  return { start, length: unit * every, zone: zone || session.user.timeZone };
}

function scheduleOf(instance: Instance, rota: Row): Row | undefined {
  return instance.store.byId(known(instance, "cmn_schedule"), text(rota, "schedule"));
}
