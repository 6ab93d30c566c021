import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import type { Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { common, resultOf } from "../../http/api-call";
import { textOf } from "../../table/cells";

/** A person who is called at a moment. */
export interface OnCall {
  /** sys_id of the user; empty where a device or a catch-all is called. */
  user: string;
  /** 1 is called first. */
  order: number;
  /** sys_id of the group. */
  group: string;
  /** sys_id of the shift (`cmn_rota`). */
  shift: string;
  /** sys_id of the roster (`cmn_rota_roster`). */
  roster: string;
  /** Stands in for the person whose turn it is. */
  isOverride: boolean;
}

/** Hours in which one person is called first. */
export interface ShiftHours {
  /** sys_id of the user. */
  user: string;
  /** sys_id of the shift (`cmn_rota`). */
  shift: string;
  /** sys_id of the roster (`cmn_rota_roster`). */
  roster: string;
  /** Names of shift and roster, as the instance's calendar shows them. */
  label: string;
  /** `YYYY-MM-DD HH:MM:SS` in UTC. */
  start: string;
  /** `YYYY-MM-DD HH:MM:SS` in UTC. */
  end: string;
}

/** Whose hours to read. */
export interface ListHours extends CallOptions {
  /** `YYYY-MM-DD`, in UTC. */
  from: string;
  /** `YYYY-MM-DD`, in UTC; the day itself is left out. */
  to: string;
  /** Groups; all that the account sees if empty. */
  groups?: readonly Reference[];
  /** People; all if empty. */
  users?: readonly Reference[];
}

const BASE = "/api/now/on_call_rota";
const NEEDS = "the plugin On-Call Scheduling (com.snc.on_call_rotation)";

/** `onCall(client).now(group)` */
export function onCall(client: ServiceNow): OnCallRotation {
  return new OnCallRotation(client);
}

/**
 * Who is on call, and when. Needs the plugin On-Call Scheduling and a role that reads it, such as itil.
 * @see https://www.servicenow.com/docs/csh?topicname=c_OnCallRotationAPI.html
 */
export class OnCallRotation {
  constructor(readonly client: ServiceNow) {}

  /**
   * Everybody who is called for a group at a moment, in the order of the escalation; empty outside the hours of its shifts.
   * @param at `YYYY-MM-DD HH:MM:SS` in UTC; now without it
   */
  async now(group: Reference, { at, ...options }: CallOptions & { at?: string } = {}): Promise<OnCall[]> {
    const people = await resultOf<Record<string, unknown>[]>(this.client, {
      ...common(options),
      path: `${BASE}/whoisoncall`,
      params: { group_ids: sysIdOf(group), ...(at ? { date_time: at } : {}) },
      operation: "read who is on call",
      needs: NEEDS,
    });
    return people.map((person, index) => ({
      user: textOf(person.userId),
      order: Number(person.order ?? index + 1),
      group: textOf(person.group),
      shift: textOf(person.rota),
      roster: textOf(person.roster),
      isOverride: person.isOverride === true,
    }));
  }

  /** Hours of shifts, the earliest first. */
  async hours({ from, to, groups = [], users = [], ...options }: ListHours): Promise<ShiftHours[]> {
    const spans = await resultOf<Record<string, unknown>[]>(this.client, {
      ...common(options),
      path: `${BASE}/spans`,
      params: {
        from,
        to,
        target_tz: "UTC",
        ...(groups.length > 0 ? { group_ids: groups.map((group) => sysIdOf(group)).join(",") } : {}),
        ...(users.length > 0 ? { user_ids: users.map((user) => sysIdOf(user)).join(",") } : {}),
      },
      operation: "read the hours of shifts",
      needs: NEEDS,
    });
    return spans
      .map((span) => ({
        user: textOf(span.user_id),
        shift: textOf(span.rota_id),
        roster: textOf(span.roster_id),
        label: textOf(span.text),
        start: textOf(span.start_date),
        end: textOf(span.end_date),
      }))
      .sort((a, b) => a.start.localeCompare(b.start));
  }
}
