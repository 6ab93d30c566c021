import { assertNarrowing, checkQuery, columnKind, parseQuery, type ColumnTypes } from "../../../common";

const ID = "0123456789abcdef0123456789abcdef";
const COLUMNS: Record<string, ReturnType<ColumnTypes>> = {
  number: { kind: "text" },
  short_description: { kind: "text" },
  category: { kind: "choice" },
  state: { kind: "number-choice" },
  priority: { kind: "number-choice" },
  reassignment_count: { kind: "number" },
  active: { kind: "boolean" },
  assigned_to: { kind: "reference", reference: "sys_user" },
  "assigned_to.name": { kind: "text" },
  problem_id: { kind: "reference", reference: "problem" },
  watch_list: { kind: "list" },
  opened_at: { kind: "date-time" },
  closed_at: { kind: "date-time" },
  sys_created_on: { kind: "date-time" },
  start_date: { kind: "date" },
  business_duration: { kind: "duration" },
  sys_id: { kind: "sys-id" },
  sys_class_name: { kind: "text" },
  work_notes: { kind: "not-searchable" },
};
const types: ColumnTypes = (column) => (column in COLUMNS ? COLUMNS[column] : null);
const day = (date: string) =>
  `${date}@javascript:gs.dateGenerate('${date}','start')@javascript:gs.dateGenerate('${date}','end')`;

/** The query that is said to be meant, or the message where none is; "safe" for a query without a problem. */
const verdict = (query: string, with_: { types?: ColumnTypes } = { types }): string => {
  const [problem] = checkQuery(query, with_);
  return problem ? (problem.meant ?? problem.message) : "safe";
};

describe("a query that does what it says", () => {
  it.each([
    "",
    "active=true",
    "active!=true^priority<=2^ORDERBYDESCopened_at",
    "short_descriptionLIKEcan't log in",
    "short_description=R&D needs AT&T lines",
    "short_descriptionLIKEA and B or C",
    'short_descriptionLIKEsays "no"',
    "short_description=a=b",
    "stateIN1,2,3^NQassigned_toISEMPTY",
    "assigned_to=",
    "assigned_to!=NULL",
    `assigned_toIN${ID},${ID}`,
    "assigned_toLIKEbeth",
    "assigned_to=javascript:gs.getUserID()",
    "assigned_to.name=Beth Anglin",
    "assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe",
    "opened_at>=2026-08-01 00:00:00",
    "opened_at<2026-08-01",
    "opened_at>javascript:gs.daysAgoStart(30)",
    "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
    `opened_atON${day("2026-08-01")}`,
    "opened_atBETWEEN2026-08-01 00:00:00@2026-08-02 00:00:00",
    "opened_atBETWEENjavascript:gs.daysAgoStart(3)@javascript:gs.daysAgoEnd(1)",
    "opened_atRELATIVELT@dayofweek@ago@30",
    "opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')",
    "opened_atMORETHANclosed_at@day@before@1",
    "opened_atSAMEASclosed_at@day",
    "priorityBETWEEN1@3",
    "reassignment_count>-1",
    "start_date>=2026-08-01",
    "business_duration>1970-01-01 01:30:00",
    "sys_class_nameINSTANCEOFtask",
    "123TEXTQUERY321=printer",
    "RLQUERYincident.problem_id,>=1^ENDRLQUERY",
    "RLQUERYincident.problem_id,>=1,active=true^ENDRLQUERY",
    "categoryINsoftware,hardware",
  ])("%s", (query) => expect(verdict(query)).toBe("safe"));
});

describe("a condition that ServiceNow would drop is refused, with what was probably meant", () => {
  it.each([
    ["stateCHANGESTO107", "state=107"],
    ["stateCHANGESFROM2", /works in rules and notifications/],
    ["stateVALCHANGES", /works in rules and notifications/],
    ["opened_atONfoo", /not a label with its first and last moment/],
    ["opened_atON2026-08-01", `opened_atON${day("2026-08-01")}`],
    [
      "opened_atNOTONtoday",
      "opened_atNOTONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
    ],
    ["assigned_toDYNAMICnope", /not the sys_id of a dynamic filter option/],
    [`problem_idIN_HIERARCHY${ID}`, /do not lie below one another/],
    ["assigned_toIN_HIERARCHYnope", /not the sys_id of a record/],
    ["stateNOT IN", /the list is empty/],
    ["stateIN", /the list is empty/],
    ["stateIN ", /the list is empty/],
    ["stateIN1,,2", "stateIN1,2"],
    ["stateIN1, 2", "stateIN1,2"],
    ["stateINone,2", /"one" is not a number/],
    ["stateLIKE1", "state=1"],
    ["activeINtrue", "active=true"],
    ["active=yes", "active=true"],
    ["active=TRUE", "active=true"],
    ["activeLIKEtrue", "active=true"],
    ["priority=abc", /"abc" is not a number/],
    ["priority>=", /no value to compare with/],
    ["priority='1'", "priority=1"],
    ["opened_at>=yesterday", /is no date/],
    ["opened_at>2026-02-30", /is no date/],
    ["opened_at>=2026-08-01T12:00:00Z", "opened_at>=2026-08-01 12:00:00"],
    ["opened_at>=2026-08-01T12:00:00+02:00", "opened_at>=2026-08-01 10:00:00"],
    ["opened_at>=2026-08-01 12:00", "opened_at>=2026-08-01 12:00:00"],
    ["opened_at=2026-08-01", /asked for with ON/],
    ["opened_at>javascript:gs.dropTables()", /not one of those that ServiceNow runs/],
    ["opened_at>javascript:new GlideDateTime()", /not one of those that ServiceNow runs/],
    ["opened_atRELATIVEGT@day@ago@1", "opened_atRELATIVEGT@dayofweek@ago@1"],
    ["opened_atRELATIVEGT@hours@ago@1", "opened_atRELATIVEGT@hour@ago@1"],
    ["opened_atRELATIVEGT@fortnight@ago@1", /not a distance from now/],
    ["priorityRELATIVEGT@hour@ago@1", /holds a choice kept as a number/],
    ["opened_atDATEPARTMonday", /not a part of the calendar/],
    ["opened_atMORETHANclosed_at", /a column and a distance/],
    ["opened_atMORETHANnothing@day@before@1", /has no column "nothing"/],
    ["opened_atSAMEASpriority", /cannot be compared/],
    ["opened_atSAMEASclosed_at@fortnight", /dates are compared by day/],
    ["priorityBETWEEN1", /two values joined by "@"/],
    ["priorityBETWEEN1,3", "priorityBETWEEN1@3"],
    ["start_date>=2026-08-01 10:00:00", "start_date>=2026-08-01"],
    ["business_duration>01:30:00", "business_duration>1970-01-01 01:30:00"],
    ["assigned_to=Beth Anglin", /not a sys_id/],
    ["assigned_to=beth.anglin@example.com", /not a sys_id/],
    ["assigned_to=javascript:gs.beginningOfToday()", /not one of those/],
    ["short_descriptionLIKE", /fits every record/],
    ["short_descriptionSTARTSWITH ", /fits every record/],
    ["short_descriptionLIKEjavascript:gs.getUserID()", /cannot be part of a text/],
    ['short_description="printer"', "short_description=printer"],
    ["short_descriptionMATCH_PATx", /not a condition/],
    ["work_notesLIKEcall", /something that cannot be searched/],
    ["prioritty=1", /has no column/],
    ["assigned_to.nam=Beth", /has no column/],
    ["numberINSTANCEOFtask", /sys_class_name only/],
    ["123TEXTQUERY321=", /keyword search/],
    ["123TEXTINDEXGROUP321=portal", /keyword search/],
    ["RLQUERYincident.problem_id^ENDRLQUERY", /count of related records/],
    ["RLQUERYincident.problem_id,>=1^stateIN^ENDRLQUERY", /the list is empty/],
  ])("%s", (query, expected) => {
    const found = verdict(query);
    if (typeof expected === "string") expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });
});

describe("a query that is written as in another language is refused, with the query that was meant", () => {
  it.each([
    ["active==true", "active=true"],
    ["active==true^priority=1", "active=true^priority=1"],
    ["priority=<2", "priority<=2"],
    ["priority=>2", "priority>=2"],
    ["priority<>2", "priority!=2"],
    ["active=true&priority=1", "active=true^priority=1"],
    ["active=true&&priority=1", "active=true^priority=1"],
    ["active=true & priority=1", "active=true^priority=1"],
    ["active=true&ORDERBYnumber", "active=true^ORDERBYnumber"],
    ["sysparm_query=active=true", "active=true"],
    ["active=true\npriority=1", "active=true^priority=1"],
    ["active=true^\r\npriority=1", "active=true^priority=1"],
    ["priority=1 AND state=2", "priority=1^state=2"],
    ["priority=1 or priority=2", "priority=1^ORpriority=2"],
    ["GOTOnumber>=INC001", "number>=INC001"],
  ])("%j", (query, expected) => expect(verdict(query, {})).toBe(expected));
});

it("checks operators and the shape of values where no column is known", () => {
  for (const query of [
    "u_anyCHANGESTO1",
    "u_anyIN",
    "u_anyDYNAMICx",
    "u_anyONfoo",
    "u_any=javascript:gs.x()",
    "opened_at>foo",
    "u_any>",
  ])
    expect([query, verdict(query, {})]).not.toEqual([query, "safe"]);
  for (const query of ["u_any=1", "u_anyINa,b", "u_any>5", "u_any=javascript:gs.getUserID()"])
    expect([query, verdict(query, {})]).toEqual([query, "safe"]);
});

it("knows what a column holds by its type in the dictionary", () => {
  expect(columnKind("integer", true)).toBe("number-choice");
  expect(columnKind("string", true)).toBe("choice");
  expect(columnKind("toString", false)).toBe("text");
  expect(columnKind("glide_date_time", false)).toBe("date-time");
});

it("refuses a query that every record meets where something is to be changed", () => {
  const refused = (query: string) => () => assertNarrowing(parseQuery(query));
  expect(refused("")).toThrow("no condition");
  expect(refused("ORDERBYnumber")).toThrow("no condition");
  expect(refused("numberANYTHING")).toThrow("fits every record");
  expect(refused("active=false")).not.toThrow();
});
