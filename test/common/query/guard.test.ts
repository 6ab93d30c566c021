import { checkQuery, queryError, type ColumnTypes } from "../../../common";
import type { ColumnKind } from "../../../common/query/column-kind";

/** What is searched for, counted beside a record, or asked of a script. */

const ID = "0123456789abcdef0123456789abcdef";
const said = (query: string) => checkQuery(query).map(({ message }) => message);

describe("words to search for", () => {
  const [words, index] = ["123TEXTQUERY321", "123TEXTINDEXGROUP321"];
  test.each([
    `${words}= ^${index}=x`,
    `a=1^${index}=x`,
    `${words}!=x`,
    `${words}=x^NQ${index}=y`,
    `${words}=x^${words}LIKEy`,
    `${words}=x^${words}=`,
  ])("%s fits more than it says", (query) => {
    for (const message of said(query)) expect(message).toMatch(/^A keyword search is written/);
    expect(said(query)).not.toEqual([]);
  });
  test.each([`${words}=x`, `${words}=x^${index}=y`, `${words}=x^a=1`, `a=1^OR${words}=x`])(
    "%s is safe",
    (query) => expect(said(query)).toEqual([]),
  );
});

describe("a count of related records", () => {
  const related = (inner: string) => said(`RLQUERY${inner}^ENDRLQUERY`);
  test.each([
    "incident.problem_id,>=1",
    "incident.problem_id,=0",
    "incident.problem_id,!=12",
    "incident.problem_id,>=1,m2m",
    "incident.problem_id,>=1,m2m^active=true",
    "incident.problem_id,>=1,active=true",
    "incident.problem_id,>=1^active=true^priority=1",
    "u_x1.u_y2,<123456789",
  ])("%s is safe", (inner) => expect(related(inner)).toEqual([]));
  test.each([
    "incident,>=1",
    "incident.problem_id",
    "incident.problem_id,1",
    "incident.problem_id,>=",
    "incident.problem_id,>=x",
    "Incident.problem_id,>=1",
    "incident.problem_id.x,>=1",
  ])("%s is not one", (inner) =>
    expect(related(inner)).toEqual([expect.stringMatching(/is not a count of related records/)]),
  );
  test.each([
    "incident.problem_id,>=1,stateIN",
    "incident.problem_id,>=1^stateIN",
    "incident.problem_id,>=1,m2m^stateIN",
  ])("%s has a condition that would be dropped", (inner) =>
    expect(related(inner)).toEqual([expect.stringMatching(/^RLQUERY .*the list is empty/)]),
  );
});

test("a place in a hierarchy is a record, perhaps with the field that leads up", () => {
  const problems = (value: string) => said(`parentIN_HIERARCHY${value}`).length;
  expect([ID, `${ID}@${ID}`, `${ID}%40${ID}`].map(problems)).toEqual([0, 0, 0]);
  expect(["", "x", `${ID}@x`, `x@${ID}`, `${ID}@${ID}@${ID}`].map(problems)).toEqual([1, 1, 1, 1, 1]);
  expect(said(`parentIN_HIERARCHY_DYNAMIC${ID}`)).toEqual([]);
});

describe("scripts that give what a column holds", () => {
  const user = "javascript:gs.getUserID()";
  const name = "javascript:gs.getUserName()";
  const moment = "javascript:gs.beginningOfToday()";
  const fits = (kind: ColumnKind, value: string) => {
    const types: ColumnTypes = () => ({ kind });
    return (
      checkQuery({ groups: [[[{ field: "x", operator: "=", value }]]], order: [] }, { types }).length === 0
    );
  };
  test.each<[ColumnKind, string[]]>([
    ["reference", [user]],
    ["sys-id", [user]],
    ["list", [user]],
    ["text", [user, name]],
    ["choice", [user, name]],
    ["date-time", [moment]],
    ["date", [moment]],
    ["number", []],
    ["number-choice", []],
    ["boolean", []],
    ["duration", []],
  ])("%s", (kind, known) => {
    expect([user, name, moment].filter((script) => fits(kind, script))).toEqual(known);
  });
  test("are let through nowhere where none is wanted, in whichever part of a value", () => {
    for (const query of [
      `x=${user}`,
      `xIN1,${user}`,
      `xBETWEEN${moment}@2026-01-01`,
      `xONToday@${moment}@${moment}`,
    ])
      expect(checkQuery(query, { scripts: false })[0]?.kind).toBe("script");
    expect(checkQuery("xLIKEabout javascript: and such", { scripts: false })).toEqual([]);
  });
});

test("an error names the columns at fault alone, each once", () => {
  const problem = (column: string) => ({ kind: "value" as const, column, message: "m" });
  expect(queryError([problem(""), problem("a"), problem("a"), problem("b")]).fields).toEqual(["a", "b"]);
});
