import { duringTests } from "../../helpers/instance";
import { startHost, until } from "../host";
import { code, stepOf, workflowClient, type Run } from "./workflow-client";

jest.setTimeout(180_000);

const host = duringTests(startHost);

test("an account that is deleted under a waiting run fails the step that needs it, by its name", async () => {
  const { body: account } = await host.call<{ id: string; name: string }>(
    "POST",
    "/v1/connect/local/accounts",
    { app_slug: "conformance", cfmap_json: { token: "secret-1" }, name: "demo", external_user_id: "local" },
  );
  const { make, start, ended } = workflowClient(host);
  const workflow = await make([
    code("ask", "$.flow.suspend(60000);"),
    {
      namespace: "echo",
      uses: "conformance-echo",
      props: { conformance: { account: account.id }, text: "x" },
    },
  ]);
  const run = await start(workflow);
  await until("the run waits", async () => {
    const { body } = await host.call<Run>("GET", `/api/runs/${run.id}`);
    return body.status === "waiting";
  });
  await host.call("DELETE", `/v1/connect/local/accounts/${account.id}?external_user_id=local`);
  await host.call("POST", `/api/runs/${run.id}/resume`, {});
  const failed = await ended(run.id);
  expect(failed).toMatchObject({ status: "failed", error: { step: "echo" } });
  expect(stepOf(failed, "echo")?.error?.message).toMatch(
    /there is no conformance account "[^"]+"\. None is connected; connect one on the Accounts page\./,
  );
});
