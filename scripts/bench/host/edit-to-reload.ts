import { mkdtempSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { HostClient } from "../../demo/host-client";
import { quantile } from "../../figures";
import { HostFolder } from "../../hosts/host-folder";

const EDITS = 8;

/** What one edit changes, and what the next run shows of it. */
const FILES: Record<string, (word: string) => [path: string, text: string]> = {
  component: (word) => ["actions/say/say.mjs", sayWith(word)],
  helper: (word) => ["common/words.mjs", `export const word = "${word}";\n`],
  app: (word) => ["written.app.mjs", appWith(word)],
};

function sayWith(word: string): string {
  return `import { word } from "../../common/words.mjs";
import written from "../../written.app.mjs";
export default {
  key: "written-say", name: "Say", description: "Says", version: "0.0.1", type: "action",
  props: { written }, run() { return ["${word}", word, this.written.word()]; },
};
`;
}

function appWith(word: string): string {
  return `export default { type: "app", app: "written", methods: { word: () => "${word}" } };\n`;
}

/** From the save of a file until a run uses it, in ms, for a component, a helper it imports, and its app, while the host follows the files. */
export async function measureEditToReload(): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "edit-to-reload-"));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const edit of Object.values(FILES)) write(...edit("at first"));
  const host = new HostFolder([folder], { FOLLOW_PACKAGES: "on" });
  const { program, client } = await host.start();
  try {
    const { id } = await client.call<{ id: string }>("POST", "/v1/connect/local/accounts", {
      app_slug: "written",
      external_user_id: "local",
      cfmap_json: { key: "none" },
    });
    await run(client, id);
    const figures: Record<string, unknown> = {};
    for (const [name, edit] of Object.entries(FILES)) {
      const times: number[] = [];
      for (let at = 0; at < EDITS; at += 1) {
        const word = `${name} ${at}`;
        // At another moment of the host's looks each time.
        await delay(300 + 70 * at);
        const began = performance.now();
        write(...edit(word));
        while (!(await run(client, id)).includes(word)) await delay(5);
        times.push(performance.now() - began);
      }
      figures[`edit to reload of a ${name}, ms`] = {
        p50: Math.round(quantile(times, 0.5)),
        most: Math.round(Math.max(...times)),
      };
    }
    return figures;
  } finally {
    await program.stop();
    await host.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(client: HostClient, account: string): Promise<string[]> {
  const { ret } = await client.call<{ ret: string[] | null }>("POST", "/v1/connect/local/actions/run", {
    id: "written-say",
    external_user_id: "local",
    configured_props: { written: { authProvisionId: account } },
  });
  return ret ?? [];
}
