import { duringTests } from "../helpers/instance";
import { testInstance, type Row } from "./client";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 40 });
beforeAll(async () => {
  const people = await instance.rows<{ sys_id: string }>(
    "sys_user",
    "user_nameINbeth.anglin,abel.tuter^ORDERBYuser_name",
    {
      sysparm_fields: "sys_id",
    },
  );
  const backdated = (values: Row) =>
    instance.call("POST", "/api/now/table/problem?sysparm_suppress_auto_sys_field=true", { body: values });
  await backdated({
    short_description: "alpha Disk",
    cause_notes: "x",
    urgency: 1,
    assigned_to: present(people[0]).sys_id,
    opened_at: "2026-03-01 10:00:00",
    work_start: "2026-03-01 10:00:00",
    work_end: "2026-03-03 10:00:00",
    correlation_id: "q",
  });
  await backdated({
    short_description: "beta disk full",
    urgency: 2,
    assigned_to: present(people[1]).sys_id,
    opened_at: "2026-03-02 23:30:00",
    work_start: "2026-03-02 10:00:00",
    work_end: "2026-03-02 11:00:00",
    correlation_id: "q",
    description: "beta disk full",
  });
  await backdated({
    short_description: "gamma",
    urgency: 3,
    opened_at: "2026-03-08 10:00:00",
    correlation_id: "q",
    active: false,
  });
});

const own = "correlation_id=q";
async function found(query: string, as = "admin"): Promise<string[]> {
  const rows = await instance.rows<{ short_description: string }>(
    "problem",
    `${query}^ORDERBYshort_description`,
    { sysparm_fields: "short_description" },
    as,
  );
  return rows.map((row) => present(row.short_description.split(" ")[0]));
}
const [a, b, c] = ["alpha", "beta", "gamma"];

describe("operators", () => {
  test.each<[string, (string | undefined)[]]>([
    ["urgency=2", [b]],
    ["urgency!=2", [a, c]],
    ["urgency<2", [a]],
    ["urgency<=2", [a, b]],
    ["urgency>2", [c]],
    ["urgency>=2", [b, c]],
    ["short_descriptionLIKEDISK", [a, b]],
    ["short_descriptionCONTAINSdisk", [a, b]],
    ["short_description*disk", [a, b]],
    ["short_descriptionNOT LIKEdisk", [c]],
    ["short_descriptionDOES NOT CONTAINdisk", [c]],
    ["short_description!*disk", [c]],
    ["descriptionNOT LIKEzzz", [b]],
    ["short_descriptionSTARTSWITHALPHA", [a]],
    ["short_descriptionENDSWITHfull", [b]],
    ["short_description%full", [b]],
    ["short_descriptionNOTLIKEdisk", [c]],
    ["short_description=ALPHA DISK", [a]],
    ["short_description=alpha=Disk", []],
    ["short_descriptionlikealpha", [a, b, c]],
    ["short_descriptionINgamma,beta disk full", [b, c]],
    ["cause_notes!=y", [a]],
    ["known_error!=true", [a, b, c]],
    ["active!=true", [c]],
    ["GOTOshort_description=beta", [b, c]],
    ["123TEXTINDEXGROUP321=x", [a, b, c]],
    ["variables.x=1", [a, b, c]],
    ["assigned_toSTARTSWITHBeth", [b]],
    ["assigned_to.nameLIKEtuter", [a]],
    ["urgencyIN1,3", [a, c]],
    ["urgencyNOT IN1,3", [b]],
    ["assigned_toISEMPTY", [c]],
    ["assigned_toISNOTEMPTY", [a, b]],
    ["assigned_toEMPTYSTRING", [c]],
    ["assigned_toANYTHING", [a, b, c]],
    ["urgencyBETWEEN1@2", [a, b]],
    ["opened_atBETWEEN2026-03-01 00:00:00@2026-03-02 00:00:00", [a]],
    ["short_descriptionSAMEASdescription", [b]],
    ["work_startSAMEASwork_end@day", [b]],
    ["short_descriptionNSAMEASdescription", []],
    ["work_endGT_FIELDwork_start", [a, b]],
    ["work_endLT_FIELDwork_start", []],
    ["work_endGT_OR_EQUALS_FIELDwork_start", [a, b]],
    ["work_endLT_OR_EQUALS_FIELDwork_start", []],
    ["work_startMORETHANwork_end@day@before@1", [a]],
    ["work_startLESSTHANwork_end@day@before@1", [b]],
    ["opened_atON2026-03-01@2026-03-01 00:00:00@2026-03-01 23:59:59", [a]],
    ["opened_atNOTON2026-03-01@2026-03-01 00:00:00@2026-03-01 23:59:59", [b, c]],
    ["opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')", [b]],
    ["opened_atDATEPARTSunday@javascript:gs.datePart('dayofweek','sunday','EE')", [a, c]],
    ["active=TRUE", [a, b]],
    ["active=False", [c]],
    ["sys_class_nameINSTANCEOFtask", [a, b, c]],
    ["123TEXTQUERY321=disk full", [b]],
    ["short_descriptionVALCHANGES", [a, b, c]],
  ])("%s", async (query, expected) => {
    expect(await found(`${own}^${query}`)).toEqual(expected);
  });

  test("RELATIVE, DYNAMIC and hierarchies", async () => {
    await instance.control("POST", "clock", { set: "2026-03-08 11:00:00", freeze: true });
    expect(await found(`${own}^opened_atRELATIVEGT@hour@ago@2`)).toEqual([c]);
    expect(await found(`${own}^opened_atRELATIVELT@day@ago@6`)).toEqual([a]);
    expect(await found(`${own}^opened_atRELATIVEEE@day@ago@0`)).toEqual([c]);
    expect(await found(`${own}^opened_atRELATIVEGE@hour@ago@1`)).toEqual([c]);
    expect(await found(`${own}^opened_atRELATIVELE@hour@ahead@1`)).toEqual([a, b, c]);
    await instance.control("POST", "clock", { real: true });
    expect(await found(`${own}^assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe`, "beth.anglin")).toEqual([
      b,
    ]);
    const beth = "46d44a23a9fe19810012d100cca80666";
    for (const operator of ["IN_HIERARCHY", "IN_HIERARCHY_DYNAMIC"])
      expect(await found(`${own}^assigned_to${operator}${beth}`)).toContain(b);
    const [mine] = await instance.rows<{ group: { value: string } }>(
      "sys_user_grmember",
      "user.user_name=beth.anglin",
    );
    const [row] = await instance.rows<{ sys_id: string }>(
      "problem",
      `${own}^short_descriptionSTARTSWITHalpha`,
    );
    await instance.update("problem", present(row).sys_id, { assignment_group: present(mine).group.value });
    const group = `${own}^assignment_groupDYNAMICd6435e965f510100a9ad2572f2b477fe`;
    expect(await found(group, "beth.anglin")).toEqual([a]);
    expect(await found(group, "admin")).toEqual([]);
  });

  test("RLQUERY counts related records", async () => {
    const [problem] = await instance.rows<{ sys_id: string }>(
      "problem",
      `${own}^short_descriptionSTARTSWITHalpha`,
    );
    await instance.create("incident", { problem_id: present(problem).sys_id, urgency: 1 });
    await instance.create("incident", { problem_id: present(problem).sys_id, urgency: 2 });
    expect(await found(`${own}^RLQUERYincident.problem_id,>=2^ENDRLQUERY`)).toEqual([a]);
    expect(await found(`${own}^RLQUERYincident.problem_id,>=2,urgency=1^ENDRLQUERY`)).toEqual([]);
    expect(await found(`${own}^RLQUERYincident.problem_id,=0^ENDRLQUERY`)).toEqual([b, c]);
    expect(await found(`${own}^RLQUERYincident.problem_id,>0,m2m^urgency=1^ENDRLQUERY`)).toEqual([a]);
    expect(await found(`${own}^RLQUERYincident.problem_id,>0,m2m^urgency=3^ENDRLQUERY`)).toEqual([]);
  });

  test("JOIN keeps the rows that another table has, its condition reaching to the end", async () => {
    const join = `${own}^JOINproblem.sys_id=incident.problem_id`;
    expect(await found(join)).toEqual([a]);
    expect(await found(`${join}!urgency=1^active=true`)).toEqual([a]);
    expect(await found(`${join}!urgency=1^active=false`)).toEqual([]);
    expect(await found(`${own}^JOINproblem.assigned_to=sys_user.sys_id!user_name=beth.anglin`)).toEqual([b]);
    const twice = `${join}!^JOINproblem.assigned_to=sys_user.sys_id!user_name=`;
    expect(await found(`${twice}abel.tuter`)).toEqual([a]);
    expect(await found(`${twice}beth.anglin`)).toEqual([]);
    expect(await found(`${own}^JOINproblem.nonsense=incident.problem_id`)).toEqual([a, b, c]);
    expect(await found(`${own}^JOINsys_user.sys_id=incident.problem_id`)).toEqual([a, b, c]);
  });
});

describe("grammar", () => {
  test.each<[string, (string | undefined)[]]>([
    [`${own}^urgency=1^ORurgency=2`, [a, b]],
    [`${own}^active=true^urgency=1^ORurgency=3`, [a]],
    [`${own}^urgency=1^NQ${own}^urgency=3`, [a, c]],
    [`${own}^urgency=3^EQ`, [c]],
    [`${own}^GROUPBYurgency`, [a, b, c]],
    [`^^${own}^^urgency=1^^`, [a]],
    [`ORDERBYDESCurgency^${own}^active=true`, [b, a]],
    [`${own}^assigned_to.manager.user_name=nobody`, []],
    [`${own}^assigned_to.nonsense.name=nobody`, [a, b, c]],
    [`${own}^urgency=1^NQ`, [a]],
  ])("%s", async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test("keyset over two NQ groups keeps its order", async () => {
    const rows = await instance.rows<{ number: string }>(
      "problem",
      `${own}^opened_at=2026-03-01 10:00:00^sys_id>0^NQ${own}^opened_at>2026-03-01 10:00:00^ORDERBYDESCopened_at^ORDERBYsys_id`,
    );
    expect(rows.map((row) => (row as unknown as { short_description: string }).short_description)).toEqual([
      "gamma",
      "beta disk full",
      "alpha Disk",
    ]);
  });
});

describe("unknown fields", () => {
  test("a term on an unknown column is dropped, wherever it stands", async () => {
    expect(await found(`${own}^not_a_real_field=x`)).toEqual([a, b, c]);
    expect(await found(`${own}^urgency=1^ORmaster_flow=F`)).toEqual([a]);
  });

  test("a value that makes no sense finds nothing", async () => {
    expect(await found(`${own}^state=NOT_A_NUMBER`)).toEqual([]);
    expect(await found(`${own}^urgency==1`)).toEqual([]);
  });

  test("glide.invalid_query.returns_no_rows turns it around", async () => {
    await instance.control("PATCH", "config", { invalidQueryReturnsNoRows: true });
    expect(await found(`${own}^not_a_real_field=x`)).toEqual([]);
    await instance.control("PATCH", "config", { invalidQueryReturnsNoRows: false });
  });
});

describe("dates and zones", () => {
  test("a literal is UTC for everybody, or in the user's zone by switch", async () => {
    const query = `${own}^opened_at>=2026-03-02 18:00:00^opened_at<=2026-03-02 19:00:00`;
    expect(await found(query, "newyork")).toEqual([]);
    await instance.control("PATCH", "config", { dateLiterals: "user" });
    expect(await found(query, "newyork")).toEqual([b]);
    expect(await found(query, "itil")).toEqual([]);
    await instance.control("PATCH", "config", { dateLiterals: "utc" });
  });

  test("dateGenerate is in the user's zone, also across a daylight-saving change", async () => {
    const query = `${own}^opened_at>=javascript:gs.dateGenerate('2026-03-08','06:00:00')^opened_at<javascript:gs.dateGenerate("2026-03-08 06:00:01")`;
    expect(await found(query, "newyork")).toEqual([c]);
    expect(await found(query, "itil")).toEqual([]);
    expect(
      await found(
        `${own}^opened_atBETWEENjavascript:gs.dateGenerate('2026-03-02','start')@javascript:gs.dateGenerate('2026-03-02','end')`,
      ),
    ).toEqual([b]);
  });
});
