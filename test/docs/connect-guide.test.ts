import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const guide = readFileSync(join(root, "docs/connect-a-real-instance.md"), "utf8");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** The text of a numbered section, without its heading. */
function section(number: number): string {
  const found = new RegExp(`^## ${number}\\. .+\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, "m").exec(guide);
  if (!found?.[1]) throw new Error(`The guide has no section ${number}.`);
  return found[1];
}

describe("the guide to connecting a real instance", () => {
  it("PD-01: the first record is an OAuth API endpoint for external clients, with the redirect URL", () => {
    expect(section(2)).toMatch(/Create an OAuth API endpoint for external clients/);
    expect(section(2)).toMatch(/Redirect URL/);
    expect(section(2)).toMatch(/Machine Identity Console/);
  });

  it("PD-02: one redirect URL, the same in both records", () => {
    expect(section(1)).toContain("https://api.pipedream.com/connect/oauth/oa_g2oiqA/callback");
    expect(section(1)).toContain("http://127.0.0.1:3000/connect/callback");
    expect(section(3)).toMatch(/Redirect URL\*\*: the same as in the first record/);
  });

  it("PD-03: the second record is the provider, with the grant and the relative token URL", () => {
    expect(section(3)).toMatch(/Connect to a third party OAuth Provider/);
    expect(section(3)).toMatch(/\(simplified\)/);
    expect(section(3)).toMatch(/Client ID\*\* and \*\*Client Secret\*\*: those of the first record/);
    expect(section(3)).toMatch(/Authorization Code/);
    expect(section(3)).toMatch(/`oauth_token\.do`/);
  });

  it("PD-04: it says why there are two", () => {
    expect(section(3)).toMatch(/Together the two let the instance issue a new token for the user/);
  });

  it("PD-06: the sign-in happens in a window of the instance", () => {
    expect(section(4)).toMatch(/window of the instance opens.*Sign in/s);
  });

  it("PD-14: the table of symptoms points to the section on hardened instances", () => {
    expect(section(5)).toMatch(/504 Gateway Time-out.*section 6/);
    for (const need of [
      "service account of its own",
      "Web service access only",
      "oauth_credential",
      "snc_internal",
      "ACLs",
    ])
      expect(section(6)).toContain(need);
    expect(readme).toMatch(/504 Gateway Time-out/);
  });

  it("PD-15: it says where an instance comes from, and the README what for", () => {
    expect(guide).toMatch(/developer\.servicenow\.com/);
    for (const use of ["Incidents", "Onboarding", "Two desks, one ticket"])
      expect(readme).toContain(`**${use}**`);
  });

  it("PD-16: sections and steps are numbered one after the other, and each one that is referred to is there", () => {
    const sections = [...guide.matchAll(/^## (\d+)\./gm)].map(([, number]) => Number(number));
    expect(sections).toEqual(sections.map((_, at) => at + 1));
    for (const number of sections) {
      const steps = [...section(number).matchAll(/^(\d+)\. /gm)].map(([, step]) => Number(step));
      expect(steps).toEqual(steps.map((_, at) => at + 1));
    }
    const referred = [...guide.matchAll(/section (\d+)/g)].map(([, number]) => Number(number));
    expect(referred).not.toEqual([]);
    for (const number of referred) expect(sections).toContain(number);
  });
});
