import type { HostClient } from "./host-client";
import type { InstanceWriter } from "./instance-writer";

interface ActionRun {
  exports?: Record<string, unknown>;
  os?: { k: string; err?: { message?: string } }[];
  ret?: unknown;
}

/**
 * Runs the five record actions one after the other and looks in the instance, past the host, whether each did what it says.
 *
 * @returns one line an action: its key and the summary it gave.
 * @throws Error that names the action and what was found instead.
 */
export async function runActions(
  client: HostClient,
  writer: InstanceWriter,
  accountId: string,
  knownSysId: string,
): Promise<string[]> {
  const lines: string[] = [];
  const run = async (key: string, props: Record<string, unknown>): Promise<ActionRun> => {
    const result = await client.call<ActionRun>("POST", "/v1/connect/local/actions/run", {
      id: `servicenow-${key}`,
      external_user_id: "local",
      configured_props: { servicenow: { authProvisionId: accountId }, table: "incident", ...props },
    });
    const failure = result.os?.find((observation) => observation.k === "error");
    if (failure) throw new Error(`${key} failed: ${failure.err?.message ?? JSON.stringify(failure)}`);
    lines.push(`${key}: ${String(result.exports?.$summary)}`);
    return result;
  };
  const expect = (held: boolean, what: string): void => {
    if (!held) throw new Error(what);
  };

  const created = (
    await run("create-table-record", {
      recordData: { short_description: "Made by the demo", urgency: "1", impact: "1" },
    })
  ).ret as Record<string, unknown>;
  const sysId = String(created.sys_id);
  expect(
    (await writer.read(sysId))?.short_description === "Made by the demo",
    "create-table-record: the instance does not have the record.",
  );

  const read = (await run("get-table-record-by-id", { recordId: knownSysId })).ret as Record<string, unknown>;
  expect(read.sys_id === knownSysId, "get-table-record-by-id: another record came back.");

  await run("update-table-record", {
    recordId: sysId,
    updateFields: { short_description: "Changed by the demo" },
  });
  expect(
    (await writer.read(sysId))?.short_description === "Changed by the demo",
    "update-table-record: the instance has the old text.",
  );

  const listed = (
    await run("get-table-records", { query: "short_description=Changed by the demo", limit: 5 })
  ).ret as unknown[];
  expect(listed.length === 1, `get-table-records: 1 record expected, ${listed.length} came.`);

  await run("delete-table-record", { recordId: sysId });
  expect((await writer.read(sysId)) === undefined, "delete-table-record: the record is still there.");
  return lines;
}
