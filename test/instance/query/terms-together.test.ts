import { or } from "../../../instance/src/store/sql";
import { parseQuery } from "../../../instance/src/query/parse";
import { compileQuery } from "../../../instance/src/query/compile";
import {
  below,
  pick,
  people,
  incidents,
  folded,
  contextIn,
  find,
  expectFound,
  built,
  type Incident,
} from "./evaluation";

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
