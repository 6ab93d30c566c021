import { deployCounter, deployPolled, poll, withHost } from "./bench-host";
import { until } from "../../figures";
import { startReceiver, type Receiver } from "./receiver";

const EVENTS = 3000;
const HANGING = 25;

/** One trigger's events to one receiver that answers at once, in order: from the first delivery to the last. */
export function measureDeliveries(): Promise<Record<string, unknown>> {
  return withReceiver({}, (receiver) =>
    withHost(async ({ client }) => {
      const props = { perRun: EVENTS, slice: 50 };
      const trigger = await deployPolled(client, props, { webhook_url: receiver.url });
      await until("the deliveries of the first poll", () => receiver.count === EVENTS);
      const began = performance.now();
      await poll(client, trigger);
      await until("all deliveries", () => receiver.count === 2 * EVENTS);
      return {
        deliveriesPerSecond: (EVENTS / (receiver.lastAt - began)) * 1000,
      };
    }),
  );
}

/** From the request that deploys a trigger until the first delivery arrives, while 25 other receivers have a request each and do not answer. */
export function measureHangingReceivers(): Promise<Record<string, unknown>> {
  return withReceiver({ hangs: true }, (hanging) =>
    withReceiver({}, (receiver) =>
      withHost(async ({ client }) => {
        const props = { perRun: 5, slice: 5 };
        for (let at = 0; at < HANGING; at += 1)
          await deployCounter(client, props, { webhook_url: `${hanging.url}/${at}` });
        await until("all receivers hang", () => hanging.count === HANGING);
        const began = performance.now();
        await deployPolled(client, props, { webhook_url: receiver.url });
        await until("the first delivery", () => receiver.count > 0);
        return { firstDeliveryWithHangingReceiversMs: receiver.firstAt - began };
      }),
    ),
  );
}

async function withReceiver<T>(
  options: { hangs?: boolean },
  measure: (receiver: Receiver) => Promise<T>,
): Promise<T> {
  const receiver = await startReceiver(options);
  try {
    return await measure(receiver);
  } finally {
    await receiver.stop();
  }
}
