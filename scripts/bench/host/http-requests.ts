import { Agent, request } from "node:http";
import type { HostClient } from "../../demo/host-client";
import { deploy, withHost } from "./bench-host";
import { cpuMs } from "./process-tree";
import { inParallel, until } from "../../figures";

const SOURCES = 10;
const REQUESTS = 4000;
const AT_A_TIME = 40;

/** Requests at the endpoints of ten sources: from the first until the event of the last is in the table. */
export function measureHttpRequests(): Promise<Record<string, unknown>> {
  return withHost(async ({ client, query, program }) => {
    const pid = program.process.pid ?? 0;
    for (let at = 0; at < SOURCES; at += 1) await deploy(client, "conformance-inbox", {});
    const triggers = await client.call<{ endpoint_url: string }[]>("GET", "/api/triggers");
    const endpoints = triggers.map(({ endpoint_url }) => endpoint_url);
    const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
    const send = (index: number) =>
      post(agent, endpoints[index % SOURCES] ?? "", JSON.stringify({ n: index }));
    await inParallel(SOURCES * 2, SOURCES, send);
    const events = async (): Promise<number> =>
      (await query<{ n: number }>("select count(*)::int as n from events"))[0]?.n ?? 0;
    await until("the first events", async () => (await events()) === SOURCES * 2);

    const cpuBefore = cpuMs(pid);
    const began = performance.now();
    await inParallel(REQUESTS, AT_A_TIME, send);
    const answeredMs = performance.now() - began;
    await until("all events", async () => (await events()) === SOURCES * 2 + REQUESTS);
    const doneMs = performance.now() - began;
    const cpuMsPerHttpRequest = (cpuMs(pid) - cpuBefore) / REQUESTS;
    const overlapping = await measureOverlapping(client, agent);
    agent.destroy();
    return {
      httpRequestsPerSecond: (REQUESTS / doneMs) * 1000,
      httpRequestsAnsweredPerSecond: (REQUESTS / answeredMs) * 1000,
      cpuMsPerHttpRequest,
      ...overlapping,
    };
  });
}

/** Ten requests at a time, each of 1.5 s, to one source that keeps no state: until the last is answered, first with cold processes. */
async function measureOverlapping(client: HostClient, agent: Agent): Promise<Record<string, unknown>> {
  const id = await deploy(client, "conformance-answer", { pauseMs: 1500 });
  const triggers = await client.call<{ id: string; endpoint_url: string }[]>("GET", "/api/triggers");
  const url = triggers.find((trigger) => trigger.id === id)?.endpoint_url ?? "";
  const tenMs = async (): Promise<number> => {
    const began = performance.now();
    await inParallel(10, 10, (n) => post(agent, url, JSON.stringify({ n })));
    return performance.now() - began;
  };
  return { tenOverlappingRequestsColdMs: await tenMs(), tenOverlappingRequestsMs: await tenMs() };
}

function post(agent: Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: "POST", agent, headers: { "content-type": "application/json" } },
      (answer) => {
        answer.resume().on("end", () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`An endpoint answered with HTTP ${answer.statusCode}.`));
        });
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}
