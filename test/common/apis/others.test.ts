import {
  addToJournal,
  cases,
  cmdb,
  cmdbMeta,
  deletions,
  emailState,
  fieldHistory,
  readJournal,
  graphql,
  identifyReconcile,
  importResult,
  importRow,
  importRows,
  knowledge,
  sendEmail,
  sendEvents,
} from "../../../common";
import { stubClient, stubTransport, bodyText } from "../stub";
import { failureOf, useInstance } from "./support";
import { present } from "../../helpers/present";

const { as, instance } = useInstance();

describe("knowledge", () => {
  it("searches, and reads an article by id or number", async () => {
    const kb = knowledge(as());
    const { articles, total } = await kb.search({ text: "vpn", fields: ["short_description"] });
    expect(total).not.toBe(0);
    const [hit] = articles;
    expect(hit).toMatchObject({ number: expect.stringMatching(/^KB/), title: expect.stringMatching(/VPN/) });
    expect(present(hit).fields["short_description"]?.value).toMatch(/VPN/);
    const article = await kb.get(present(hit).number);
    expect(article).toMatchObject({ sys_id: present(hit).sys_id, content: expect.stringContaining("<p>") });
    expect([...(await kb.featured()).articles, ...(await kb.mostViewed()).articles]).not.toEqual([]);
  });

  it("writes a draft and publishes it, saying the state it really has", async () => {
    const kb = knowledge(as());
    const [base] = await kb.bases();
    const made = await kb.create({
      base: present(base),
      title: "Printer on fire",
      text: "<p>Leave the room.</p>",
    });
    expect(await kb.publish(made)).toEqual({ state: "published" });
    expect((await kb.search({ text: "printer fire" })).articles.map(({ number }) => number)).toContain(
      made.number,
    );
  });
});

describe("import sets", () => {
  it("gives the import set and what became of the row", async () => {
    const client = as();
    const first = await importRow(client, "imp_user", {
      user_id: "new.person",
      first_name: "New",
      email: "n@example.com",
    });
    expect(first).toMatchObject({
      importSet: expect.stringMatching(/^ISET/),
      stagingTable: "imp_user",
      results: [{ status: "inserted", table: "sys_user" }],
    });
    const again = await importRow(client, "imp_user", {
      user_id: "new.person",
      first_name: "Newer",
      email: "n@example.com",
    });
    expect(again.results[0]).toMatchObject({ status: "updated", sys_id: first.results[0]?.sys_id });
    expect(await importRows(client, "imp_user", [{ user_id: "a" }])).toMatchObject({
      multiImportSetId: expect.stringMatching(/./),
    });
  });

  it("a failed transform inside of a 201 is an error with the transform's own words", async () => {
    const json = {
      import_set: "ISET1",
      staging_table: "imp_user",
      result: [
        {
          transform_map: "User",
          status: "error",
          error_message: "No transform entry or scripts are defined",
        },
      ],
    };
    const { client } = stubClient(stubTransport(() => ({ status: 201, json })));
    const error = await failureOf(importRow(client, "imp_user", { a: 1 }));
    expect(error).toMatchObject({ kind: "partial-failure" });
    expect(error.message).toMatch(/ISET1.*No transform entry/);
    const kept = await importResult(client, "imp_user", "a".repeat(32), { onError: "return" });
    expect(kept.results[0]?.status).toBe("error");
  });
});

describe("CMDB", () => {
  it("lists, reads, creates and changes items, and describes their class", async () => {
    const ci = cmdb(as());
    const [server] = await ci.list("cmdb_ci_server", { max: 1 });
    expect((await ci.get("cmdb_ci_server", present(server))).attributes["name"]).toBe(present(server).name);
    const made = await ci.create("cmdb_ci_server", { name: "made-here", serial_number: "SER-1" });
    const changed = await ci.update("cmdb_ci_server", made, { short_description: "Changed" });
    expect(changed.attributes["short_description"]).toBe("Changed");
    const again = await ci.create("cmdb_ci_server", { name: "made-here", serial_number: "SER-1" });
    expect(again.sys_id).toBe(made.sys_id);
    expect(await cmdbMeta(as("itil"), "cmdb_ci_server")).toMatchObject({ parent: "cmdb_ci_computer" });
  });

  it("relations are made once, read in both directions and followed in steps", async () => {
    const client = as();
    const ci = cmdb(client);
    const type = present(await client.table("cmdb_rel_type").first());
    const ids = [];
    for (const name of ["a", "b", "c"])
      ids.push(
        (await ci.create("cmdb_ci_server", { name: `graph-${name}`, serial_number: `G-${name}` })).sys_id,
      );
    const [a = "", b = "", c = ""] = ids;
    expect(await ci.relate(a, type, b)).toMatchObject({ created: true });
    expect(await ci.relate(a, type, b)).toMatchObject({ created: false });
    await ci.relate(b, type, c);
    expect((await ci.relations(b)).inbound.map(({ target }) => target.name)).toEqual(["graph-a"]);
    const graph = await ci.graph(a, { depth: 2, direction: "outbound" });
    expect(graph.items.map(({ name, distance }) => [name, distance])).toEqual([
      ["graph-a", 0],
      ["graph-b", 1],
      ["graph-c", 2],
    ]);
    expect((await ci.graph(a, { maxItems: 1 })).complete).toBe(false);
    const { outbound } = await ci.relations(a);
    await ci.unrelate(present(outbound[0]).sys_id);
    expect((await ci.relations(a)).outbound).toEqual([]);
  });

  it("identification finds what is there and makes what is not; a dry run makes nothing", async () => {
    const client = as();
    const items = [{ className: "cmdb_ci_linux_server", values: { name: "ire-1", serial_number: "IRE-1" } }];
    const [dry] = await identifyReconcile(client, { items }, { dryRun: true, source: "ServiceNow" });
    expect(dry).toMatchObject({ operation: "INSERT", sysId: "" });
    const [made] = await identifyReconcile(client, { items }, { source: "ServiceNow" });
    const [known] = await identifyReconcile(client, { items }, { source: "ServiceNow" });
    expect(made?.operation).toBe("INSERT");
    expect(known?.sysId).toBe(made?.sysId);
    expect(known?.operation).not.toBe("INSERT");
    const wrong = identifyReconcile(client, { items, relations: [{ parent: 0, child: 3, type: "x" }] });
    expect(await failureOf(wrong)).toMatchObject({ kind: "usage" });
  });
});

describe("mail and events", () => {
  it("queues a mail that belongs to a record", async () => {
    const client = as();
    const record = present(await client.table("incident").first());
    const { id } = await sendEmail(client, {
      to: ["a@example.com"],
      subject: "About your incident",
      text: "Soon",
      record: { table: "incident", record },
    });
    expect((await emailState(client, id)).type).toBe("send-ready");
  });

  it("a mail that cannot go is refused before a request", async () => {
    const transport = stubTransport(() => ({ json: { result: { id: "1" } } }));
    const { client } = stubClient(transport);
    const many = Array.from({ length: 101 }, (_, at) => `${at}@example.com`);
    for (const to of [[], many, ["no address"], ["a@b.c>\nbcc: x@y.z"]])
      expect(await failureOf(sendEmail(client, { to, subject: "s", text: "t" }))).toMatchObject({
        kind: "usage",
      });
    const to = ["a@example.com"];
    for (const words of [
      { subject: " ", text: "t" },
      { subject: "s\r\nbcc: x@y.z", text: "t" },
      { subject: "s", text: " " },
    ])
      expect(await failureOf(sendEmail(client, { to, ...words }))).toMatchObject({ kind: "usage" });
    expect(transport.requests).toHaveLength(0);
  });

  it("sends events", async () => {
    const client = as();
    await sendEvents(client, [
      { source: "Monitor", node: "db1", severity: 1, type: "cpu", additionalInfo: { load: 9 } },
    ]);
    const row = await client.table("em_event").first({ query: "node=db1" });
    expect(row).toMatchObject({ source: "Monitor", severity: "1", additional_info: '{"load":9}' });
    expect(await failureOf(sendEvents(client, []))).toMatchObject({ kind: "usage" });
  });
});

describe("cases", () => {
  it("makes, reads by number, changes and lists cases", async () => {
    const api = cases(as());
    const made = await api.create({ short_description: "Broken on arrival" });
    expect(made.number).toMatch(/^CS/);
    await api.update(made, { short_description: "Broken" });
    expect((await api.get(made.number))["short_description"]).toBe("Broken");
    expect(await api.list({ query: `number=${made.number}` })).toHaveLength(1);
    expect(await api.activities(made)).toMatchObject({ number: made.number });
    expect(await api.fieldValues("state")).toEqual(expect.arrayContaining([{ label: "New", value: "1" }]));
  });
});

describe("audit", () => {
  it("gives the changes of a record's fields, oldest first", async () => {
    const client = as();
    const record = await client.table("incident").create({ short_description: "one", urgency: "3" });
    await client.table("incident").update(record, { short_description: "two" });
    await client.table("incident").update(record, { short_description: "three" });
    const { rows } = await fieldHistory(
      client,
      { table: "incident", record },
      { fields: ["short_description"] },
    );
    expect(rows.map(({ from, to, user }) => [from, to, user])).toEqual([
      ["one", "two", "admin"],
      ["two", "three", "admin"],
    ]);
  });

  it("gives them for a parent table too, and a record that is not there is an error", async () => {
    const client = as();
    const record = await client.table("incident").create({ short_description: "one" });
    await client.table("incident").update(record, { short_description: "two" });
    const own = await fieldHistory(client, { table: "incident", record });
    expect(own.rows).not.toEqual([]);
    expect(await fieldHistory(client, { table: "task", record })).toEqual(own);
    const gone = await failureOf(fieldHistory(client, { table: "incident", record: "0".repeat(32) }));
    expect(gone).toMatchObject({ kind: "not-found" });
  });

  it("what is new since a moment is the same in every zone the instance may read dates in", async () => {
    const client = as();
    const record = await client.table("incident").create({ short_description: "before", comments: "early" });
    await client.table("incident").update(record, { short_description: "early" });
    await instance.control("POST", "clock", { advanceSeconds: 5 });
    const since = (await client.table("incident").page({ limit: 1 })).date;
    await instance.control("POST", "clock", { advanceSeconds: 5 });
    await client.table("incident").update(record, { short_description: "late", comments: "late" });
    await client
      .table("incident")
      .delete(await client.table("incident").create({ short_description: "new" }));
    const admin = await client.table("sys_user").byKey({ user_name: "admin" }, { fields: ["sys_id"] });
    const target = { table: "incident", record };
    await instance.control("PATCH", "config", { dateLiterals: "user" });
    try {
      for (const time_zone of ["America/Los_Angeles", "Australia/Sydney"]) {
        await client.table("sys_user").update(admin ?? "", { time_zone });
        const fields = ["short_description"];
        const history = await fieldHistory(client, target, { fields, since });
        expect(history).toMatchObject({ rows: [{ to: "late" }], total: 1, complete: true, hidden: 0 });
        expect((await fieldHistory(client, target, { fields, since, max: 1 })).rows).toHaveLength(1);
        const { entries } = await readJournal(client, target, { columns: ["comments"], since });
        expect(entries.map(({ text }) => text)).toEqual(["late"]);
        expect(await deletions(client, "incident", { since })).toMatchObject({ rows: [{}], total: 1 });
      }
    } finally {
      await instance.control("PATCH", "config", { dateLiterals: "utc" });
      await client.table("sys_user").update(admin ?? "", { time_zone: "" });
    }
  });

  it("deletions of a parent table are found although they name the record's own class", async () => {
    const client = as();
    const record = await client.table("incident").create({ short_description: "gone" });
    await client.table("incident").delete(record);
    const { rows, classes } = await deletions(client, "task");
    expect(classes).toContain("incident");
    expect(rows.find((row) => row.record === record.sys_id)).toMatchObject({
      table: "incident",
      user: "admin",
    });
  });

  it("an account that may not see deletions is told what to ask for, and never that there are none", async () => {
    const error = await failureOf(deletions(as("itil"), "incident"));
    expect(error).toMatchObject({ kind: "acl" });
    expect(error.message).toMatch(/administrator.*sys_audit_delete/);
  });
});

describe("GraphQL", () => {
  it("gives the data, and the answer's own words when it fails", async () => {
    const ok = stubTransport(() => ({ json: { data: { n: 1 } } }));
    expect(await graphql(stubClient(ok).client, "query q { n }", { a: 1 })).toEqual({ n: 1 });
    expect(JSON.parse(bodyText(ok.requests[0]))).toEqual({ query: "query q { n }", variables: { a: 1 } });
    const bad = stubTransport(() => ({ json: { data: null, errors: [{ message: "Unknown field n" }] } }));
    expect((await failureOf(graphql(stubClient(bad).client, "{ n }"))).message).toMatch(/Unknown field n/);
  });

  it("a mutation is not repeated, a query is", async () => {
    const count = async (operation: string) => {
      const transport = stubTransport(() => ({ status: 503, text: "busy" }));
      await failureOf(graphql(stubClient(transport).client, operation));
      return transport.requests.length;
    };
    expect(await count("mutation { a }")).toBe(1);
    expect(await count("# mutation\n{ a }")).toBeGreaterThan(1);
  });
});

it("journal columns of one's own can be written too", async () => {
  const transport = stubTransport(() => ({ json: { result: { sys_id: "a" } } }));
  const target = { table: "incident", record: "a".repeat(32) };
  await addToJournal(stubClient(transport).client, target, { other: { u_journal: "x" } });
  expect(JSON.parse(bodyText(transport.requests[0]))).toEqual({ u_journal: "x" });
});
