/** One committed version of a record, as the writer's answer told it. */
export interface Written {
  table: string;
  sysId: string;
  /** Epoch seconds of `sys_updated_on`. */
  time: number;
  mod: number;
  /** Simulated second from which others can see it. */
  visible: number;
  /** Simulated second in which it was overwritten or deleted; Infinity while it is current. */
  until: number;
  category: string;
  mine: boolean;
  /** Stamped into the past: outside the promise. */
  backDated: boolean;
}

/** The writer's log. */
export class Truth {
  readonly versions: Written[] = [];
  readonly current = new Map<string, Written>();

  add(version: Written): void {
    const before = this.current.get(version.sysId);
    if (before) before.until = Math.min(before.until, version.visible);
    this.versions.push(version);
    this.current.set(version.sysId, version);
  }

  remove(sysId: string, now: number): void {
    const before = this.current.get(sysId);
    if (before) before.until = Math.min(before.until, now);
    this.current.delete(sysId);
  }
}

export const eventId = ({ sysId, time, mod }: Written): string => `${sysId}-${time.toString(36)}-${mod}`;
