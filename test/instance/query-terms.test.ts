import { buildInstance, type BuiltInstance } from "../../instance/src/build";
import { stamp } from "../../instance/src/clock/time";
import { compileQuery } from "../../instance/src/query/compile";
import type { QueryContext } from "../../instance/src/query/fields";
import { parseQuery } from "../../instance/src/query/parse";
import { and, or } from "../../instance/src/store/sql";
import type { User } from "../../instance/src/users/users";

/** What the instance finds, against what plain JavaScript finds in the same rows. */

interface Person {
  sys_id: string;
  name: string | null;
  manager: string | null;
}
interface Incident {
  sys_id: string;
  short_description: string | null;
  description: string | null;
  reassignment_count: number | null;
  reopen_count: number | null;
  knowledge: number | null;
  opened_at: string | null;
  work_start: string | null;
  caller_id: string | null;
}

let state = 7;
const below = (limit: number): number => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * limit);
};
const pick = <T>(items: readonly T[]): T => {
  const item = items[below(items.length)];
  if (item === undefined && items.length === 0) throw new Error("nothing to pick from");
  return item as T;
};
const id = (letter: string, at: number): string => `${letter}${String(at).padStart(31, "0")}`;

const texts = [
  null,
  "disk",
  "Disk full",
  "full",
  "a",
  "b",
  "B",
  "network down",
  "disk",
  "%",
  "a_b",
  "Straße",
];
const numbers = [null, 0, 1, 2, 5, 10, -3];
const people: Person[] = [null, "Ada Able", "Bea Bold", "ada able", "Cy Cook"].map((name, at) => ({
  sys_id: id("d", at),
  name,
  manager: at < 2 ? null : id("d", at - 1),
}));
const now = Date.UTC(2026, 2, 10, 15, 20, 30);
/** Times around both changes of the clocks in New York and in Sydney, and around now. */
const around = [
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2025, 10, 2, 6),
  Date.UTC(2026, 3, 4, 16),
  Date.UTC(2025, 9, 4, 16),
  now,
];
const time = (): string | null =>
  below(8) === 0 ? null : stamp(pick(around) + (below(97) - 48) * 3_600_000 + below(3) * 1_799_000);
const incidents: Incident[] = Array.from({ length: 160 }, (_, at) => ({
  sys_id: id("e", at),
  short_description: pick(texts),
  description: pick(texts),
  reassignment_count: pick(numbers),
  reopen_count: pick(numbers),
  knowledge: pick([null, 0, 1]),
  opened_at: time(),
  work_start: time(),
  caller_id: pick([null, ...people.map(({ sys_id }) => sys_id), id("f", 0)]),
}));

let built: BuiltInstance;
beforeAll(() => {
  built = buildInstance({ seed: "empty" });
  for (const person of people) built.store.insert("sys_user", { ...person });
  for (const incident of incidents) built.store.insert("task", { ...incident, sys_class_name: "incident" });
});
afterAll(() => built.close());

function contextIn(timeZone: string): QueryContext {
  const { users, dictionary } = built.instance;
  const admin = users.byName("admin");
  if (!admin) throw new Error("an instance has an administrator");
  const user: User = { ...admin, timeZone };
  return { dictionary, user, now, dateLiterals: "utc", refused: "drop", allowed: () => true };
}

function find(query: string, timeZone = "UTC"): { ids: string[]; dropped: string[] } {
  const table = built.instance.dictionary.known("incident");
  const compiled = compileQuery(parseQuery(query), table, contextIn(timeZone));
  const where = and([{ sql: "r.sys_class_name = 'incident'", parameters: [] }, or(compiled.groups)]);
  const order = compiled.order.map(({ sql, descending }) => `${sql}${descending ? " DESC" : ""}`);
  const rows = built.store.all(
    `SELECT r.sys_id FROM task r WHERE ${where.sql} ORDER BY ${[...order, "r.sys_id"].join(", ")}`,
    where.parameters,
  );
  return { ids: rows.map((row) => String(row.sys_id)), dropped: compiled.dropped };
}

function expectFound(query: string, meets: (row: Incident) => boolean, timeZone?: string): void {
  const { ids, dropped } = find(query, timeZone);
  const wanted = incidents.filter(meets).map(({ sys_id }) => sys_id);
  expect({ query, dropped, ids }).toEqual({ query, dropped: [], ids: wanted });
}

type Plain = string | number;
type Test<T> = (value: T, wanted: T) => boolean;
const comparisons: Record<string, Test<Plain>> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
/** ASCII letters alone are equal in both cases. */
const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

describe("texts", () => {
  const columns = ["short_description", "description"] as const;
  const words = texts.filter((text) => text !== null);

  test.each(Object.entries(comparisons))("compare without regard to case: %s", (operator, holds) => {
    for (const column of columns)
      for (const word of words)
        expectFound(
          `${column}${operator}${word}`,
          ({ [column]: value }) => value !== null && holds(folded(value), folded(word)),
        );
  });

  const matches: [string[], (value: string, part: string) => boolean][] = [
    [["LIKE", "CONTAINS", "*"], (value, part) => value.includes(part)],
    [["NOT LIKE", "NOTLIKE", "DOES NOT CONTAIN", "!*"], (value, part) => !value.includes(part)],
    [["STARTSWITH"], (value, part) => value.startsWith(part)],
    [["ENDSWITH", "%"], (value, part) => value.endsWith(part)],
  ];
  test.each(matches)("match by part: %j", (operators, holds) => {
    for (const operator of operators)
      for (const part of ["disk", "FULL", "k", "%", "_", "a_b", "no such", "ß"])
        expectFound(
          `short_description${operator}${part}`,
          ({ short_description: value }) => value !== null && holds(folded(value), folded(part)),
        );
  });

  test("an empty part is in every text that there is", () => {
    for (const operator of ["LIKE", "STARTSWITH", "ENDSWITH"])
      expectFound(`description${operator}`, ({ description }) => description !== null);
    expectFound("descriptionNOT LIKE", () => false);
  });

  test("lists: one of, none of, empty members and blanks around", () => {
    for (const list of ["disk,full", " B , a ", "none", "", "disk,,full", "DISK"]) {
      const members = list.split(",").map((member) => folded(member.trim()));
      expectFound(
        `descriptionIN${list}`,
        ({ description: value }) => value !== null && members.includes(folded(value)),
      );
      expectFound(
        `descriptionNOT IN${list}`,
        ({ description: value }) => value !== null && !members.includes(folded(value)),
      );
    }
  });

  test("ranges hold both ends, in their order alone", () => {
    for (const [from, to] of [
      ["a", "disk"],
      ["b", "b"],
      ["full", "a"],
    ] as const)
      expectFound(
        `descriptionBETWEEN${from}@${to}`,
        ({ description: value }) => value !== null && folded(value) >= from && folded(value) <= to,
      );
    expectFound("descriptionBETWEENb", ({ description: value }) => value !== null && folded(value) === "b");
  });
});

describe("nothing at all", () => {
  const columns = ["short_description", "reassignment_count", "opened_at", "caller_id"] as const;
  test.each(columns)("%s is empty or not", (column) => {
    for (const empty of ["ISEMPTY", "EMPTYSTRING", "=", "=NULL"])
      expectFound(`${column}${empty}`, (row) => row[column] === null);
    for (const there of ["ISNOTEMPTY", "!=", "!=NULL"])
      expectFound(`${column}${there}`, (row) => row[column] !== null);
    expectFound(`${column}ANYTHING`, () => true);
  });
});

describe("numbers", () => {
  test.each(Object.entries(comparisons))("compare by value: %s", (operator, holds) => {
    for (const wanted of [0, 1, 2, -3, 10, 7, 1.5])
      expectFound(
        `reassignment_count${operator}${wanted}`,
        ({ reassignment_count: value }) => value !== null && holds(value, wanted),
      );
  });

  test("what is no number equals none, differs from each and is beyond every range", () => {
    for (const word of ["x", "1x", "1,5", "--1"]) {
      expectFound(`reassignment_count=${word}`, () => false);
      expectFound(`reassignment_count!=${word}`, ({ reassignment_count }) => reassignment_count !== null);
      for (const operator of ["<", ">="]) expectFound(`reassignment_count${operator}${word}`, () => false);
      expectFound(`reassignment_countBETWEEN0@${word}`, () => false);
      expectFound(`reassignment_countBETWEEN${word}@9`, () => false);
    }
  });

  test("lists and ranges", () => {
    expectFound("reassignment_countIN1, 5,x,", ({ reassignment_count: value }) => value === 1 || value === 5);
    expectFound(
      "reassignment_countNOT IN1,5",
      ({ reassignment_count: value }) => value !== null && value !== 1 && value !== 5,
    );
    expectFound(
      "reassignment_countBETWEEN1@5",
      ({ reassignment_count: value }) => value !== null && value >= 1 && value <= 5,
    );
    expectFound("reassignment_countBETWEEN5@1", () => false);
  });
});

describe("booleans", () => {
  test("what is not true is false or empty", () => {
    for (const yes of ["=true", "=1", "=TRUE", "!=false", "!=0"])
      expectFound(`knowledge${yes}`, ({ knowledge }) => knowledge === 1);
    for (const no of ["=false", "=0", "!=true", "!=1"])
      expectFound(`knowledge${no}`, ({ knowledge }) => knowledge !== 1);
  });
});

describe("two columns of one record", () => {
  const signs: [string, Test<Plain>][] = [
    ["SAMEAS", (a, b) => a === b],
    ["NSAMEAS", (a, b) => a !== b],
    ["GT_FIELD", (a, b) => a > b],
    ["LT_FIELD", (a, b) => a < b],
    ["GT_OR_EQUALS_FIELD", (a, b) => a >= b],
    ["LT_OR_EQUALS_FIELD", (a, b) => a <= b],
  ];
  test.each(signs)("%s compares those that are both there", (operator, holds) => {
    expectFound(
      `reassignment_count${operator}reopen_count`,
      ({ reassignment_count: one, reopen_count: other }) =>
        one !== null && other !== null && holds(one, other),
    );
    expectFound(
      `short_description${operator}description`,
      ({ short_description: one, description: other }) =>
        one !== null && other !== null && holds(folded(one), folded(other)),
    );
    expectFound(
      `opened_at${operator}work_start@day`,
      ({ opened_at: one, work_start: other }) =>
        one !== null && other !== null && holds(one.slice(0, 10), other.slice(0, 10)),
    );
  });

  test.each(["MORETHAN", "LESSTHAN"] as const)(
    "%s looks at the distance, in its direction alone",
    (operator) => {
      for (const [unit, length] of [
        ["minute", 60_000],
        ["hour", 3_600_000],
        ["day", 86_400_000],
        ["dayofweek", 86_400_000],
        ["week", 604_800_000],
      ] as const)
        for (const direction of ["before", "after"])
          for (const count of [1, 3])
            expectFound(
              `opened_at${operator}work_start@${unit}@${direction}@${count}`,
              ({ opened_at: one, work_start: other }) => {
                if (one === null || other === null) return false;
                const distance =
                  (Date.parse(`${other}Z`) - Date.parse(`${one}Z`)) * (direction === "before" ? 1 : -1);
                if (distance < 0) return false;
                if (distance === length * count) return false;
                return operator === "MORETHAN" ? distance > length * count : distance < length * count;
              },
            );
    },
  );
});

describe("references", () => {
  const nameOf = (row: Incident): string | null =>
    people.find(({ sys_id }) => sys_id === row.caller_id)?.name ?? null;
  const managerOf = (row: Incident): Person | undefined => {
    const caller = people.find(({ sys_id }) => sys_id === row.caller_id);
    return people.find(({ sys_id }) => sys_id === caller?.manager);
  };

  test("equal by sys_id, match by what they show", () => {
    for (const { sys_id } of people) {
      expectFound(`caller_id=${sys_id}`, ({ caller_id }) => caller_id === sys_id);
      expectFound(`caller_id!=${sys_id}`, ({ caller_id }) => caller_id !== null && caller_id !== sys_id);
    }
    const known = people.slice(1, 3).map(({ sys_id }) => sys_id);
    expectFound(`caller_idIN${known.join(",")}`, ({ caller_id }) => known.includes(caller_id ?? ""));
    expectFound("caller_idSTARTSWITHada", (row) => folded(nameOf(row) ?? "").startsWith("ada"));
    expectFound("caller_idLIKEBOLD", (row) => folded(nameOf(row) ?? "").includes("bold"));
    expectFound("caller_idENDSWITHcook", (row) => folded(nameOf(row) ?? "").endsWith("cook"));
  });

  test("a path leads through references, and to nothing where one is empty or dangling", () => {
    expectFound("caller_id.name=Ada Able", (row) => folded(nameOf(row) ?? "") === "ada able");
    expectFound("caller_id.nameISEMPTY", (row) => nameOf(row) === null);
    expectFound("caller_id.manager.nameSTARTSWITHBea", (row) => managerOf(row)?.name === "Bea Bold");
    expectFound("caller_id.managerISNOTEMPTY", (row) => managerOf(row) !== undefined);
    expectFound(
      "caller_id.manager.name!=Bea Bold",
      (row) => !["Bea Bold", null, undefined].includes(managerOf(row)?.name),
    );
  });

  test("a hierarchy is a record and everything below it", () => {
    const under = (root: string): string[] => [
      root,
      ...people.filter(({ manager }) => manager === root).flatMap(({ sys_id }) => under(sys_id)),
    ];
    for (const { sys_id } of people)
      expectFound(`caller_idIN_HIERARCHY${sys_id}`, ({ caller_id }) =>
        under(sys_id).includes(caller_id ?? ""),
      );
  });

  test("a dynamic filter stands for the user who asks", () => {
    const { users } = built.instance;
    const me = users.byName("admin")?.sysId ?? "";
    built.store.update("task", id("e", 0), { caller_id: me });
    try {
      expect(find("caller_idDYNAMIC90d1921e5f510100a9ad2572f2b477fe").ids).toEqual([id("e", 0)]);
      expect(find("caller_idDYNAMICnope").dropped).toEqual(["caller_idDYNAMICnope"]);
    } finally {
      built.store.update("task", id("e", 0), { caller_id: incidents[0]?.caller_id ?? null });
    }
  });
});

describe("times", () => {
  const stamps = ["2026-03-08 07:00:00", "2025-11-02 06:00:00", "2026-03-10 15:20:30"];

  test.each(Object.entries(comparisons))("compare in UTC, whatever the zone: %s", (operator, holds) => {
    for (const wanted of stamps)
      for (const zone of ["UTC", "Australia/Sydney"])
        expectFound(
          `opened_at${operator}${wanted}`,
          ({ opened_at: value }) => value !== null && holds(value, wanted),
          zone,
        );
  });

  test("ranges hold both ends; what is no time is in none", () => {
    const [low = "", high = ""] = ["2026-03-08 07:00:00", "2026-03-10 15:20:30"];
    expectFound(
      `opened_atBETWEEN${low}@${high}`,
      ({ opened_at: value }) => value !== null && value >= low && value <= high,
    );
    expectFound(`opened_atBETWEENx@${high}`, () => false);
    expectFound("opened_at>yesterday", () => false);
  });

  test("a date stands for its midnight in UTC", () => {
    expectFound(
      "opened_at>=2026-03-08",
      ({ opened_at: value }) => value !== null && value >= "2026-03-08 00:00:00",
    );
  });

  /** The day that a wall calendar of the zone shows. */
  const dayIn = (zone: string, value: string): string =>
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    }).format(Date.parse(`${value}Z`));
  const zones = ["UTC", "America/New_York", "Australia/Sydney", "Asia/Kolkata"];

  test.each(zones)("a day is the user's own, also where clocks change: %s", (zone) => {
    for (const day of [
      "2026-03-07",
      "2026-03-08",
      "2026-03-09",
      "2025-11-01",
      "2025-11-02",
      "2026-04-05",
      "2025-10-05",
    ]) {
      expectFound(
        `opened_atON${day}`,
        ({ opened_at: value }) => value !== null && dayIn(zone, value) === day,
        zone,
      );
      expectFound(
        `opened_atNOTON${day}`,
        ({ opened_at: value }) => value !== null && dayIn(zone, value) !== day,
        zone,
      );
    }
    const today = dayIn(zone, stamp(now));
    expectFound(
      "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
      ({ opened_at: value }) => value !== null && dayIn(zone, value) === today,
      zone,
    );
  });

  const clocks = new Map(
    zones.map((zone) => [
      zone,
      new Intl.DateTimeFormat("en-US", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      }),
    ]),
  );
  /** Local time of the zone as if it were UTC. */
  const localIn = (zone: string, at: number): number => {
    const parts = clocks.get(zone)?.formatToParts(at) ?? [];
    const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
    return Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
  };
  /** The first moment at which the zone's clocks show a local time, found by trying every quarter of an hour. */
  const momentOf = (zone: string, local: number): number => {
    for (let guess = local - 15 * 3_600_000; guess <= local + 15 * 3_600_000; guess += 900_000)
      if (localIn(zone, guess) === local) return guess;
    throw new Error("clocks skip this time");
  };
  const months = { month: 1, quarter: 3, year: 12 } as const;
  const lengths = {
    minute: 60_000,
    hour: 3_600_000,
    day: 86_400_000,
    dayofweek: 86_400_000,
    week: 604_800_000,
  } as const;
  const signs: Record<string, Test<Plain>> = {
    GT: (a, b) => a > b,
    GE: (a, b) => a >= b,
    LT: (a, b) => a < b,
    LE: (a, b) => a <= b,
  };
  const movedBy = (local: number, unit: string, count: number): number => {
    if (unit in lengths) return local + lengths[unit as keyof typeof lengths] * count;
    const date = new Date(local);
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months[unit as keyof typeof months] * count);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
    return date.getTime();
  };

  test.each([...Object.keys(lengths), ...Object.keys(months)])("relative to now, by %s", (unit) => {
    for (const zone of zones)
      for (const [comparison, holds] of Object.entries(signs))
        for (const direction of ["ago", "ahead"])
          for (const count of [0, 1, 2]) {
            const bound = stamp(
              momentOf(zone, movedBy(localIn(zone, now), unit, direction === "ago" ? -count : count)),
            );
            expectFound(
              `opened_atRELATIVE${comparison}@${unit}@${direction}@${count}`,
              ({ opened_at: value }) => value !== null && holds(value, bound),
              zone,
            );
          }
  });

  test("what the filter builder writes for days: its dayofweek counts days", () => {
    for (const zone of zones) {
      const bound = stamp(momentOf(zone, localIn(zone, now) - 30 * 86_400_000));
      const older = ({ opened_at: value }: Incident) => value !== null && value < bound;
      expectFound("opened_atRELATIVELT@dayofweek@ago@30", older, zone);
      expectFound(
        "opened_atRELATIVEGE@dayofweek@ago@30",
        (row) => row.opened_at !== null && !older(row),
        zone,
      );
      const ahead = stamp(momentOf(zone, localIn(zone, now) + 30 * 86_400_000));
      expectFound(
        "opened_atRELATIVEGT@dayofweek@ahead@30",
        ({ opened_at: value }) => value !== null && value > ahead,
        zone,
      );
    }
  });

  test("within a unit: the hour or day that many units away", () => {
    for (const zone of zones) {
      const local = localIn(zone, now);
      for (const count of [0, 1, 2]) {
        const day = new Date(local - count * 86_400_000).toISOString().slice(0, 10);
        for (const unit of ["day", "dayofweek"])
          expectFound(
            `opened_atRELATIVEEE@${unit}@ago@${count}`,
            ({ opened_at: value }) => value !== null && dayIn(zone, value) === day,
            zone,
          );
      }
    }
  });

  test.each([
    "RELATIVEGT@fortnight@ago@1",
    "RELATIVEGT@day@since@1",
    "RELATIVEGT@day@ago@x",
    "RELATIVEGT@day@ago@",
    "RELATIVEGT@day@ago@-1",
    "RELATIVEGT@day@ago@1.5",
    "RELATIVEGT@toString@ago@1",
    "ONfoo",
    "DATEPARTMonday",
    "DATEPARTMonday@javascript:gs.datePart('century','1','EE')",
    "DATEPARTMonday@javascript:gs.datePart('dayofweek','monday','XX')",
    "DATEPARTMonday@javascript:gs.datePart('year','soon','EE')",
    "BETWEENjavascript:gs.nope()@2026-01-01",
    ">javascript:gs.include('x')",
    "MORETHANwork_start@day@beside@1",
    "MORETHANnot_there@day@before@1",
    "SAMEASnot_there",
    "MATCH_PATx",
    "VALCHANGES",
    "CHANGESFROMx",
  ])("what makes no sense is dropped: opened_at%s", (rest) => {
    const { ids, dropped } = find(`opened_at${rest}`);
    expect(dropped).toEqual([`opened_at${rest}`]);
    expect(ids).toHaveLength(incidents.length);
  });

  const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
  test.each(["UTC", "America/New_York"])("parts of the calendar, at the offset of now: %s", (zone) => {
    const offset = localIn(zone, now) - now;
    const parts: [string, string[], (date: Date) => number, (text: string) => number][] = [
      ["dayofweek", weekdays, (date) => date.getUTCDay(), (text) => weekdays.indexOf(text)],
      [
        "month",
        ["march", "october", "nov"],
        (date) => date.getUTCMonth() + 1,
        (text) => (["march", "october", "nov"].indexOf(text) === 0 ? 3 : text === "october" ? 10 : 11),
      ],
      ["quarter", ["1", "2", "4"], (date) => Math.floor(date.getUTCMonth() / 3) + 1, Number],
      ["year", ["2025", "2026"], (date) => date.getUTCFullYear(), Number],
      ["hour", ["0", "7", "23"], (date) => date.getUTCHours(), Number],
      ["dayofmonth", ["1", "8", "31"], (date) => date.getUTCDate(), Number],
    ];
    const all: Record<string, Test<Plain>> = { ...signs, EE: (a, b) => a === b };
    for (const [part, values, read, number] of parts)
      for (const value of values)
        for (const [comparison, holds] of Object.entries(all))
          expectFound(
            `opened_atDATEPART${value}@javascript:gs.datePart('${part}','${value}','${comparison}')`,
            ({ opened_at: at }) =>
              at !== null && holds(read(new Date(Date.parse(`${at}Z`) + offset)), number(value)),
            zone,
          );
  });
});

describe("terms together", () => {
  /** A random term with its own plain evaluation. */
  const terms: (() => [string, (row: Incident) => boolean])[] = [
    () => ["short_descriptionLIKEdisk", (row) => folded(row.short_description ?? "").includes("disk")],
    () => {
      const wanted = below(4);
      return [
        `reassignment_count>${wanted}`,
        (row) => row.reassignment_count !== null && row.reassignment_count > wanted,
      ];
    },
    () => ["knowledge=true", (row) => row.knowledge === 1],
    () => ["caller_idISEMPTY", (row) => row.caller_id === null],
    () => {
      const wanted = pick(["a", "b", "full"]);
      return [
        `description=${wanted}`,
        (row) => row.description !== null && folded(row.description) === wanted,
      ];
    },
    () => [
      "opened_at>=2026-03-08 07:00:00",
      (row) => row.opened_at !== null && row.opened_at >= "2026-03-08 07:00:00",
    ],
  ];
  const random = (): [string, (row: Incident) => boolean] => pick(terms)();

  test("OR binds more closely than AND, and NQ begins again", () => {
    for (let round = 0; round < 300; round += 1) {
      const groups = Array.from({ length: 1 + below(3) }, () =>
        Array.from({ length: 1 + below(3) }, () => Array.from({ length: 1 + below(3) }, random)),
      );
      const query = groups
        .map((clauses) => clauses.map((clause) => clause.map(([term]) => term).join("^OR")).join("^"))
        .join("^NQ");
      expectFound(query, (row) =>
        groups.some((clauses) => clauses.every((clause) => clause.some(([, holds]) => holds(row)))),
      );
    }
  });

  test("empty terms, the end and groupings say nothing", () => {
    expectFound("^^^", () => true);
    expectFound("^knowledge=true^^EQ", ({ knowledge }) => knowledge === 1);
    expectFound("GROUPBYcaller_id^knowledge=true^ORDERBY", ({ knowledge }) => knowledge === 1);
    expectFound("NQknowledge=true^NQ", ({ knowledge }) => knowledge === 1);
    expectFound("ORknowledge=true", ({ knowledge }) => knowledge === 1);
  });

  test("an unknown alternative leaves the other; a clause of unknowns leaves the whole", () => {
    expect(find("nope=1^ORknowledge=true").ids).toEqual(
      incidents.filter(({ knowledge }) => knowledge === 1).map(({ sys_id }) => sys_id),
    );
    expect(find("nope=1^knowledge.x=2")).toMatchObject({ dropped: ["nope=1", "knowledge.x=2"] });
    expect(find("nope=1").ids).toHaveLength(incidents.length);
  });

  test("many alternatives, also the same ones over and over, are found", () => {
    const many = Array.from({ length: 400 }, (_, at) => `reassignment_count=${at % 7}`).join("^OR");
    expectFound(many, ({ reassignment_count: value }) => value !== null && value >= 0 && value < 7);
  });

  test("related records are counted, with a condition of their own", () => {
    const made = (parent: string): number =>
      incidents.filter((row) => row.caller_id === parent && row.knowledge === 1).length;
    const users = built.instance.dictionary.known("sys_user");
    for (const [comparison, count] of [
      [">=", 1],
      ["=", 0],
      [">", 5],
      ["<", 3],
    ] as const) {
      const compiled = compileQuery(
        parseQuery(
          `RLQUERYincident.caller_id,${comparison}${count},knowledge=true^ENDRLQUERY^sys_idSTARTSWITHd`,
        ),
        users,
        contextIn("UTC"),
      );
      const where = or(compiled.groups);
      const rows = built.store.all(
        `SELECT sys_id FROM sys_user r WHERE ${where.sql} ORDER BY sys_id`,
        where.parameters,
      );
      const holds = {
        ">=": (n: number) => n >= count,
        "=": (n: number) => n === count,
        ">": (n: number) => n > count,
        "<": (n: number) => n < count,
      }[comparison];
      expect(rows.map((row) => row.sys_id)).toEqual(
        people.filter(({ sys_id }) => holds(made(sys_id))).map(({ sys_id }) => sys_id),
      );
    }
  });
});

describe("order", () => {
  const empty = "\u0000";
  const compare = (a: Plain, b: Plain): number => (a < b ? -1 : a > b ? 1 : 0);
  type Key = [keyof Incident, boolean];
  const keyed = (row: Incident, column: keyof Incident): Plain => {
    const value = row[column];
    return value === null
      ? typeof incidents.find((one) => one[column] !== null)?.[column] === "number"
        ? -Infinity
        : empty
      : typeof value === "string"
        ? folded(value)
        : value;
  };
  test.each<[string, Key[]]>([
    ["ORDERBYreassignment_count", [["reassignment_count", false]]],
    ["ORDERBYDESCopened_at", [["opened_at", true]]],
    [
      "ORDERBYdescription^ORDERBYDESCreopen_count",
      [
        ["description", false],
        ["reopen_count", true],
      ],
    ],
    [
      "ORDERBYDESCknowledge^ORDERBYshort_description^ORDERBYopened_at",
      [
        ["knowledge", true],
        ["short_description", false],
        ["opened_at", false],
      ],
    ],
  ])("%s: empty ones first when it rises, ties by the next column", (query, keys) => {
    const wanted = [...incidents].sort((a, b) => {
      for (const [column, descending] of keys) {
        const order = compare(keyed(a, column), keyed(b, column)) * (descending ? -1 : 1);
        if (order !== 0) return order;
      }
      return compare(a.sys_id, b.sys_id);
    });
    expect(find(query).ids).toEqual(wanted.map(({ sys_id }) => sys_id));
    expect(find(`knowledge=true^${query}^ORDERBYnope`)).toEqual({
      dropped: ["ORDERBYnope"],
      ids: wanted.filter(({ knowledge }) => knowledge === 1).map(({ sys_id }) => sys_id),
    });
  });

  test("a reference is ordered by what it shows", () => {
    const named = find("caller_id.nameISNOTEMPTY^ORDERBYcaller_id").ids.map(
      (found) => incidents.find(({ sys_id }) => sys_id === found)?.caller_id,
    );
    const names = named.map((caller) => folded(people.find(({ sys_id }) => sys_id === caller)?.name ?? ""));
    expect(names).toEqual([...names].sort());
    expect(names.length).toBe(
      incidents.filter((row) => people.some(({ sys_id, name }) => sys_id === row.caller_id && name !== null))
        .length,
    );
  });
});
