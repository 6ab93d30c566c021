import type { HostEvent } from "../../../scripts/demo/host-client";
import type { Version } from "../../../scripts/demo/instance-writer";
import { isClean, judge } from "../../../scripts/demo/verdict";
import { present } from "../../helpers/present";

const version = (sysId: string, count: number, second = count): Version => ({
  sys_id: sysId,
  sys_updated_on: `2026-11-21 10:00:${String(second).padStart(2, "0")}`,
  sys_mod_count: String(count),
  number: "INC0010001",
});
const event = (of: Version): HostEvent => ({ id: "x", e: { ...of }, k: "emit", ts: 0 });

describe("the demo's verdict on what was written and what came", () => {
  const log = [version("a", 0), version("a", 1), version("a", 2), version("b", 0)];

  it("is clean when every version came, in order, once", () => {
    const verdict = judge(log, log.map(event));
    expect(verdict).toEqual({
      written: 4,
      emitted: 4,
      coalesced: 0,
      lost: 0,
      doubled: 0,
      unknown: 0,
      outOfOrder: 0,
    });
    expect(isClean(verdict)).toBe(true);
  });

  it("counts an overwritten version that never came as coalesced, not as lost", () => {
    const verdict = judge(log, [present(log[0]), present(log[2]), present(log[3])].map(event));
    expect(verdict).toMatchObject({ emitted: 3, coalesced: 1, lost: 0 });
    expect(isClean(verdict)).toBe(true);
  });

  it("counts a final state that never came as lost", () => {
    const verdict = judge(log, [present(log[0]), present(log[1]), present(log[3])].map(event));
    expect(verdict).toMatchObject({ lost: 1 });
    expect(isClean(verdict)).toBe(false);
  });

  it("sees a version that came twice, one that nobody wrote, and one that came too late", () => {
    expect(judge(log, [...log, present(log[3])].map(event))).toMatchObject({ doubled: 1 });
    expect(judge(log, [...log, version("c", 0)].map(event))).toMatchObject({ unknown: 1 });
    expect(
      judge(log, [present(log[0]), present(log[2]), present(log[1]), present(log[3])].map(event)),
    ).toMatchObject({ outOfOrder: 1 });
  });
});
