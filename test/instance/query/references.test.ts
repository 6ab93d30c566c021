import {
  id,
  people,
  incidents,
  folded,
  find,
  expectFound,
  built,
  type Person,
  type Incident,
  type Plain,
} from "./evaluation";

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
