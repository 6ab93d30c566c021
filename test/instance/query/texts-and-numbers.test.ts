import { texts, comparisons, folded, expectFound, type Plain, type Test } from "./evaluation";

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
