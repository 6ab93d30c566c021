import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { actions, app, registry, sources } from "../../components/registry";
import type { AnyComponent } from "../../components";
import { builtProblems, lintComponent } from "../../scripts/check/built";
import { componentRegistryProblems } from "../../scripts/check/component-registry";
import { registryProblems } from "../../scripts/check/registry-rules";
import { REGISTRY_KEYS } from "../../scripts/docs/registry-keys";
import { compareProps } from "../../scripts/docs/registry-page";

const root = join(__dirname, "../..");

describe("the component registry", () => {
  it("keeps every rule of the registry", () => {
    expect(componentRegistryProblems(root)).toEqual([]);
  });

  it("is current, and so are the pages made of it", async () => {
    // In a process of its own: the formatter loads its parsers by dynamic imports, which jest has not.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "scripts/docs.ts", "--check"],
      { cwd: root },
    ).catch((error: unknown) => error as { stdout: string });
    expect(stdout).toBe("");
  }, 60_000);

  it("has components of one app with keys of their own", () => {
    expect(new Set(registry.map(({ key }) => key)).size).toBe(actions.length + sources.length);
    expect(app.app).toBe("servicenow");
  });
});

describe("the registry's keys", () => {
  it.each(REGISTRY_KEYS.map((entry) => [entry.key, entry] as const))(
    "%s is here with all its props, none of them stricter",
    (key, entry) => {
      expect(actions.map((action) => action.key)).toContain(`servicenow-${key}`);
      expect(
        compareProps(entry).filter(({ status }) => status === "missing" || status === "stricter"),
      ).toEqual([]);
    },
  );

  it("are 32, each with a version above the one it replaces", () => {
    const newer = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true }) > 0;
    expect(REGISTRY_KEYS).toHaveLength(32);
    for (const { key, version } of REGISTRY_KEYS) {
      const own = actions.find((action) => action.key === `servicenow-${key}`)?.version ?? "";
      expect([key, own, newer(own, version)]).toEqual([key, own, true]);
    }
  });
});

describe("the rules themselves", () => {
  const good = actions[0] as AnyComponent;
  const problems = (changes: Partial<AnyComponent>, text = '$.export("$summary", "")') =>
    registryProblems({
      component: { ...good, ...changes },
      folder: good.key.replace("servicenow-", ""),
      text,
      names: new Set(registry.map(({ name }) => name)),
      slug: "servicenow",
    }).join("\n");

  it.each<[string, Partial<AnyComponent>]>([
    ["after its folder", { key: "servicenow-other" }],
    ["not x.y.z", { version: "1.0" }],
    ["title case", { name: "get a record" }],
    ["does not end with", { description: "Does something." }],
    [
      "neither a component nor a prop",
      {
        description: `${good.description.split("[See")[0]} **No Such Tool** [See the documentation](https://x.y)`,
      },
    ],
    ["annotations are missing", { annotations: undefined }],
    ["first prop must be the app", { props: {} }],
    ["prop x: has no label", { props: { ...good.props, x: { type: "string" } } }],
    [
      "default belongs to an optional",
      { props: { ...good.props, x: { type: "string", label: "X", description: "X.", default: "1" } } },
    ],
    ["needs an example", { props: { ...good.props, x: { type: "object", label: "X", description: "X." } } }],
  ])("notice: %s", (message, changes) => {
    expect(problems(changes)).toContain(message);
  });

  it("notice an action without a summary, and environment variables", () => {
    expect(problems({}, "")).toMatch(/exports "\$summary"/);
    expect(problems({}, 'process.env.X "$summary"')).toMatch(/environment variables/);
    expect(problems({})).toBe("");
  });
});

describe("the registry's own lint rules", () => {
  it("pass on every built component", () => {
    expect(builtProblems(root)).toEqual([]);
  });

  it("do see what is wrong with one", () => {
    const wrong = lintComponent(
      'export default { key: "a", type: "action", props: { x: { type: "string" } } };',
      "x",
    );
    expect(wrong.join("\n")).toMatch(/version[^]*annotations|annotations[^]*version/);
    expect(wrong.join("\n")).toMatch(/prop x must have a label/);
  });
});
