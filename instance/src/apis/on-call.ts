import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import { localToUtc, parseStamp, stamp, zoneOffset } from "../clock/time";
import { param } from "../http/params";
import type { Router } from "../http/router";
import { result, type ApiRequest } from "../http/types";
import type { Span } from "./change-windows";
import { handOffs, hoursOf, rostersOf, turnAt, type OnCallFilter, type Roster } from "./on-call-turns";
import { known, text } from "./rows";

const base = "now/on_call_rota";
const month = 31 * 86_400_000;

/** The REST API of On-Call Scheduling: who is on call, shifts of a group, and the hours of each person. */
export function onCallApi(instance: Instance, router: Router): void {
  router.on("GET", `${base}/whoisoncall`, (request) => {
    mayRead(instance, request);
    return result(whoIsOnCall(instance, request));
  });
  router.on("GET", `${base}/spans`, (request) => {
    mayRead(instance, request);
    return result(spans(instance, request));
  });
  router.on("GET", `${base}/getrotasbygroup/:groups`, (request, { groups = "" }) => {
    mayRead(instance, request);
    const asked = { groups: list(groups), rotas: [], rosters: [] };
    const rotas = new Map(rostersOf(instance, asked).map(({ rota }) => [rota.sys_id, rota]));
    return result(
      [...rotas.values()].map((rota) => ({
        sys_id: text(rota, "sys_id"),
        name: text(rota, "name"),
        group: text(rota, "group"),
      })),
    );
  });
}

function mayRead(instance: Instance, { session }: ApiRequest): void {
  if (!instance.access.may(session.user, known(instance, "cmn_rota"), "read"))
    throw errors.forbidden("User Not Authorized", "On-Call Scheduling needs the role itil");
}

const list = (value: string): string[] => value.split(",").filter(Boolean);

function filterOf({ query }: ApiRequest): OnCallFilter {
  return {
    groups: list(param(query, "group_ids") ?? ""),
    rotas: list(param(query, "rota_ids") ?? ""),
    rosters: list(param(query, "roster_ids") ?? ""),
  };
}

/** Everybody who is called at a moment, in the order of the escalation. */
function whoIsOnCall(instance: Instance, request: ApiRequest): object[] {
  const { session } = request;
  const asked = param(request.query, "date_time");
  const moment = asked ? parseStamp(asked) : instance.stampTime();
  if (moment === undefined) throw errors.badRequest("Invalid date_time format");
  return rostersOf(instance, filterOf(request))
    .filter(({ rota }) => hoursOf(instance, session, rota, { start: moment, end: moment + 1 }).length > 0)
    .flatMap((of) => turnAt(instance, session, of, moment).map((member, at) => described(of, member, at + 1)))
    .sort((a, b) => a.order - b.order);
}

function described({ rota, roster }: Roster, member: Record<string, unknown>, order: number) {
  return {
    memberId: String(member.sys_id),
    memberIds: [],
    userId: String(member.member),
    userIds: [],
    roster: text(roster, "sys_id"),
    rota: text(rota, "sys_id"),
    group: text(rota, "group"),
    escalationGroups: [],
    deviceId: "",
    deviceIds: [],
    isDevice: false,
    order,
    isOverride: false,
    rotationScheduleId: "",
    memberScheduleId: "",
  };
}

/** The hours of whoever is called first, in the zone that is asked for. */
function spans(instance: Instance, request: ApiRequest): object[] {
  const { session, query } = request;
  const zone = param(query, "target_tz") ?? session.user.timeZone;
  const now = instance.stampTime();
  const bound = (name: string, otherwise: number): number => {
    const given = param(query, name);
    if (given === undefined) return otherwise;
    const local = parseStamp(/^\d{4}-\d\d-\d\d$/.test(given) ? `${given} 00:00:00` : given);
    if (local === undefined) throw errors.badRequest(`Invalid ${name} date`);
    return localToUtc(local, zone);
  };
  const within = { start: bound("from", now - month), end: bound("to", now + month) };
  const people = list(param(query, "user_ids") ?? "");
  return rostersOf(instance, filterOf(request))
    .flatMap((of) => turnsIn(instance, request, of, within))
    .filter(({ user }) => people.length === 0 || people.includes(user))
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ of, user, span }) => ({
      id: `${text(of.roster, "sys_id")}_${span.start}`,
      sys_id: text(of.roster, "sys_id"),
      table: "cmn_rota_roster",
      group_id: text(of.rota, "group"),
      rota_id: text(of.rota, "sys_id"),
      roster_id: text(of.roster, "sys_id"),
      user_id: user,
      text: `${text(of.rota, "name")} - ${text(of.roster, "name")}`,
      description: "",
      color: "#278ECF",
      textColor: "#FFFFFF",
      start_date: stamp(span.start + zoneOffset(zone, span.start)),
      end_date: stamp(span.end + zoneOffset(zone, span.end)),
    }));
}

function turnsIn(
  instance: Instance,
  { session }: ApiRequest,
  of: Roster,
  within: Span,
): { of: Roster; user: string; span: Span }[] {
  return hoursOf(instance, session, of.rota, within).flatMap((hours) => {
    const edges = [hours.start, ...handOffs(instance, session, of, hours), hours.end];
    return edges.slice(0, -1).flatMap((start, at) => {
      const [member] = turnAt(instance, session, of, start);
      return member
        ? [{ of, user: text(member, "member"), span: { start, end: edges[at + 1] ?? hours.end } }]
        : [];
    });
  });
}
