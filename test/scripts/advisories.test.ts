import { readAudit } from "../../scripts/check/advisories";

test("known weaknesses of a release's packages are named; a registry that does not answer is no weakness", () => {
  const via = [{ title: "Reads too much", url: "https://github.com/advisories/GHSA-x" }, "other"];
  const audit = (severity: string): string => JSON.stringify({ vulnerabilities: { one: { severity, via } } });
  expect(readAudit(audit("critical"))).toEqual([
    "one: critical, Reads too much https://github.com/advisories/GHSA-x; by other",
  ]);
  expect(readAudit(audit("high"))).toHaveLength(1);
  expect(readAudit(audit("moderate"))).toEqual([]);
  expect(readAudit(JSON.stringify({ vulnerabilities: {} }))).toEqual([]);
  // As a mirror without the service answers, and as npm does without a network.
  expect(readAudit('{"message":"405 Method Not Allowed","statusCode":405}')).toBe("405 Method Not Allowed");
  expect(readAudit("")).toBe("it printed nothing");
  expect(readAudit("npm error network")).toBe("npm error network");
  expect(readAudit("{}")).toContain("did not say that there are none");
});
