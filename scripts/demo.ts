import { runActions } from "./demo/actions";
import { startBoth } from "./demo/both";
import type { HostClient, HostEvent } from "./demo/host-client";
import { inParallel, type InstanceWriter } from "./demo/instance-writer";
import { connectAccount, deployRecordTrigger, pollOnce } from "./demo/steps";
import { isClean, judge } from "./demo/verdict";
import { runWorkflow } from "./demo/workflow";

const RECORDS = 1000;
const UPDATED = 300;
const BURSTS = 10;

/** `npm run demo`: connect, trigger, act, each step checked; exit 0 only if all of it held. */
async function main(): Promise<void> {
  const started = Date.now();
  const { instance, host, client, writer, stop } = await startBoth();
  try {
    say(`Instance ${instance.url}, host ${host.url}`);

    const account = await connectAccount(client, instance.url);
    say(`Connected account "${account.name}" by the authorization-code flow`);

    const trigger = await deployRecordTrigger(client, account.id);
    say(`Deployed "New or Updated Record" on incident (${trigger})`);

    await writeBursts(writer, () => pollOnce(client, trigger));
    const events = await drain(client, trigger, writer);
    const verdict = judge(writer.log, events);
    say(
      `Versions written ${verdict.written} (${RECORDS} records, ${UPDATED} of them updated), sharing ${secondsShared(writer)} seconds`,
    );
    say(
      `Events: ${verdict.emitted} emitted, ${verdict.coalesced} coalesced, ${verdict.lost} lost, ${verdict.doubled} doubled, ${verdict.unknown} unknown, ${verdict.outOfOrder} out of order`,
    );
    if (!isClean(verdict))
      throw new Error("The events are not what the writer's log promises; the counts stand above.");

    const sample = events.at(-1)!;
    for (const line of await runActions(client, writer, account.id, String(sample.e.sys_id))) say(line);

    say(await runWorkflow(client, writer, account.name));

    await client.call("DELETE", `/v1/connect/local/deployed-triggers/${trigger}?external_user_id=local`);
    say(`Trigger deleted. Everything checked in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  } finally {
    await stop();
  }
}

/** Creates in bursts within one second each, updates some of what is there, and polls while it writes. */
async function writeBursts(writer: InstanceWriter, poll: () => Promise<void>): Promise<void> {
  const perBurst = RECORDS / BURSTS;
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const creates = Array.from(
      { length: perBurst },
      (_, at) => () =>
        writer.create({
          short_description: `Demo incident ${burst * perBurst + at}`,
          urgency: String((at % 3) + 1),
        }),
    );
    const created = inParallel(creates, 8);
    const polling = poll();
    const versions = await created;
    const updates = versions.slice(0, UPDATED / BURSTS).map(
      ({ sys_id, number }) =>
        () =>
          writer.update(sys_id, { short_description: `Demo incident ${number}, updated` }),
    );
    await Promise.all([inParallel(updates, 8), polling]);
    await poll();
  }
}

/** Polls until every final state has come or two polls in a row brought nothing new. */
async function drain(client: HostClient, trigger: string, writer: InstanceWriter): Promise<HostEvent[]> {
  const written = new Set(writer.log.map((version) => version.sys_id));
  let before = -1;
  let quiet = 0;
  for (;;) {
    await pollOnce(client, trigger);
    const events = (await client.events(trigger)).filter(({ e }) => written.has(String(e.sys_id)));
    quiet = events.length === before ? quiet + 1 : 0;
    before = events.length;
    if (quiet === 2 || (events.length > 0 && judge(writer.log, events).lost === 0 && quiet === 1))
      return events;
  }
}

function secondsShared(writer: InstanceWriter): number {
  return new Set(writer.log.map((version) => version.sys_updated_on)).size;
}

function say(line: string): void {
  console.log(line);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
