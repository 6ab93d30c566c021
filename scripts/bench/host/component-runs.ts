import { withHost } from "./bench-host";
import { spread } from "../../figures";

const COLD = 40;
const WARM = 300;

/**
 * An action that does nothing, through the API: in a process of its own that has to be started (each time another user's, since users
 * share no process), and in one that is there.
 */
export function measureComponentRuns(): Promise<Record<string, unknown>> {
  return withHost(async ({ client }) => {
    const run = async (user: string): Promise<number> => {
      const began = performance.now();
      const { ret } = await client.call<{ ret?: unknown }>("POST", "/v1/connect/local/actions/run", {
        id: "conformance-misbehave",
        external_user_id: user,
        configured_props: { way: "fine" },
      });
      if (ret !== "fine") throw new Error(`The action returned ${JSON.stringify(ret)}.`);
      return performance.now() - began;
    };
    await run("first");
    const cold: number[] = [];
    for (let at = 0; at < COLD; at += 1) cold.push(await run(`user ${at}`));
    for (let at = 0; at < 20; at += 1) await run("warm");
    const warm: number[] = [];
    for (let at = 0; at < WARM; at += 1) warm.push(await run("warm"));
    return { coldRunMs: spread(cold), warmRunMs: spread(warm) };
  });
}
