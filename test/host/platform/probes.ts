import { setTimeout as delay } from "node:timers/promises";
import type { PlatformHost } from "./platform-host";

/**
 * A feature of the platform: what its documents and components show it to do, and what this host is seen to do. Where the two are not
 * equal, `how` says in words what is different or why it is missing.
 */
export interface Probe {
  feature: string;
  platform: unknown;
  observe(host: PlatformHost): Promise<unknown>;
  how?: { different: string } | { missing: string };
}

const deployed = (host: PlatformHost, key: string, props: object = {}): Promise<Record<string, unknown>[]> =>
  host.eventsOf(key, props);

export const PROBES: Record<string, Probe[]> = {
  Props: [
    {
      feature: "`additionalProps` that depend on props it returned before",
      platform: ["a", "b", 3, "c"],
      observe: (host) => host.run("chain", { first: "a", second: "b", third: 3, fourth: "c" }),
    },
    {
      feature: "the props it returned before are handed to it",
      platform: "Knew first second third fourth",
      observe: async (host) => {
        const props = await host.props("chain", { first: "a", second: "b", third: 3, fourth: "c" });
        return props.find(({ name }) => name === "fourth")?.label;
      },
    },
    {
      feature: "an app prop returned by `additionalProps` has its methods",
      platform: "I am Sue",
      observe: (host) => host.run("late-app", { kind: "x", late: host.account }),
    },
    {
      feature: "`options` gets `page` and the `context` of the page before",
      platform: ["page 1 after 0"],
      observe: (host) =>
        host.options("paged", "word", { app: host.account }, { page: 1, prev_context: { last: 0 } }),
    },
    {
      feature: "`withLabel` and label-values",
      platform: [{ label: "L", value: "v" }, "w"],
      observe: (host) =>
        host.run("labelled", {
          one: { __lv: { label: "L", value: "v" } },
          two: { __lv: { label: "M", value: "w" } },
        }),
    },
    {
      feature: "`data_store`, read in a loop",
      platform: [{ n: 1 }, false, [["k", { n: 1 }]]],
      observe: (host) => host.run("stored", { store: "numbers" }),
    },
  ],
  Actions: [
    {
      feature: "exports, `$summary`, and a result that is no JSON",
      platform: { name: "ring" },
      observe: async (host) => {
        const ring = (await host.run("cycle", {})) as { name: string };
        return { name: ring.name };
      },
    },
    {
      feature: "`this` and `$.context` can be written to",
      platform: [1, true],
      observe: (host) => host.run("mutable", {}),
    },
    {
      feature: "`$.flow.suspend` in an action that runs alone",
      platform: { context: "string", suspended: true },
      observe: (host) => host.run("flow", {}),
    },
  ],
  Files: [
    {
      feature: "a `dir` prop where no stash was asked for",
      platform: { names: ["note.txt"], text: "noted" },
      observe: async (host) => {
        const { names, text } = (await host.run("files", {})) as { names: string[]; text: string };
        return { names, text };
      },
    },
    {
      feature: "`toUrl()` gives an absolute address that anybody can read for a time",
      platform: "noted",
      observe: async (host) => {
        const { url } = (await host.run("files", {})) as { url: string };
        return (await fetch(url)).text();
      },
    },
    {
      feature: "`sync: true` uploads what is written to a literal `/tmp`",
      platform: ["report.csv: a,b"],
      observe: async (host) => {
        const { exports } = await host.answer("literal-tmp", {});
        const uploads = exports.$filestash_uploads as { s3Key: string; get_url: string }[];
        return Promise.all(
          uploads.map(
            async ({ s3Key, get_url }) =>
              `${String(s3Key.split("/").at(-1))}: ${await (await fetch(get_url)).text()}`,
          ),
        );
      },
    },
    {
      feature: "a `dir` prop in a source",
      platform: [1, 2],
      observe: async (host) => {
        const trigger = await host.deploy("keeps-files", {});
        await host.events(trigger, 1);
        await host.poll(trigger);
        return (await host.events(trigger, 2)).map(({ count }) => count);
      },
    },
  ],
  Sources: [
    {
      feature: "hooks `deploy`, then `activate`; `deploy` may emit",
      platform: [{ from: "deploy" }, { hooks: ["deploy", "activate"] }],
      observe: (host) => deployed(host, "life"),
    },
    {
      feature: '`dedupe: "unique"`',
      platform: [3, 1, 2],
      observe: async (host) => (await deployed(host, "dedupe-unique")).map(({ id }) => id),
    },
    {
      feature: '`dedupe: "greatest"`',
      platform: [3, 5],
      observe: async (host) => (await deployed(host, "dedupe-greatest")).map(({ id }) => id),
    },
    {
      feature: '`dedupe: "last"`, second run',
      platform: [1, 2, 3],
      observe: async (host) => {
        const trigger = await host.deploy("dedupe-last", {});
        await host.events(trigger, 3);
        await host.poll(trigger);
        return (await host.events(trigger, 3)).map(({ id }) => id);
      },
    },
    {
      feature: "events of one run are in the order of their `ts`",
      platform: [1000, 2000, 3000],
      observe: async (host) => (await deployed(host, "ordered")).map(({ ts }) => ts),
    },
    {
      feature: "several timers in one source",
      platform: { first: 1, second: "0 0 1 1 *", third: 1 },
      observe: async (host) => {
        const trigger = await host.deploy("two-timers", {});
        const [first, second, third] = (await host.events(trigger, 3)).map(({ by }) => by);
        await host.pause(trigger);
        return { first, second, third };
      },
    },
    {
      feature: "`$.interface.apphook`",
      platform: "deployed",
      observe: (host) => host.deploy("hooked", {}).then(() => "deployed", String),
      how: { missing: "refused at deployment, since the platform's events do not reach this host" },
    },
    {
      feature:
        "the endpoint of a source answers 200 at once and hands over method, path, query, headers and body",
      platform: {
        status: 200,
        keys: ["body", "bodyRaw", "client_ip", "headers", "method", "path", "query", "rawBody", "url"],
      },
      observe: async (host) => {
        const trigger = await host.deploy("bodies", {});
        const { status } = await host.post(trigger, { "content-type": "application/json" }, '{"a":1}');
        const [event] = await host.events(trigger, 1);
        return { status, keys: event?.keys };
      },
    },
    {
      feature: "`customResponse` answers with status and body of the source",
      platform: { status: 202, body: { got: "x" } },
      observe: async (host) => {
        const answer = await host.post(await host.deploy("answers", {}), {}, "", "?q=x");
        return { status: answer.status, body: await answer.json() };
      },
    },
    {
      feature: "`customResponse` answers with any header of the source",
      platform: "1",
      observe: async (host) =>
        (await host.post(await host.deploy("answers", {}), {}, "")).headers.get("x-mine"),
      how: { different: "only headers that cannot act for the host's own site; the list is in security.md" },
    },
    {
      feature: "a run says which version of the component it was",
      platform: "0.0.1",
      observe: async (host) => {
        const trigger = await host.deploy("life", {});
        await host.events(trigger, 2);
        await delay(100);
        return (await host.runs(trigger))[0]?.component_version;
      },
    },
  ],
};
