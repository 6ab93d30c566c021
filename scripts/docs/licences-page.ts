import { lockedPackages } from "../locked-packages";

/** `docs/licences.md`: the packages that a release brings with it, and the others, by licence. */
export function licencesPage(root: string): string {
  const all = lockedPackages(root);
  const brought = all.filter(({ isForDevelopment }) => !isForDevelopment);
  const others = all.filter(({ isForDevelopment }) => isForDevelopment);
  return `# Licences of the packages

Written from \`package-lock.json\` by \`npm run docs\`; \`npm run check -- packages\` refuses a licence that is not among the allowed ones, a package without a
sha512 hash, one that comes from elsewhere than the npm registry, and install scripts nobody allowed. What is special about some of them stands in [NOTICE.md](../NOTICE.md).

## Installed with a release

${brought.length} packages, those of other platforms included.

${table(brought)}

## To build, bundle and test

${others.length} packages. The host's page is bundled from some of them, such as \`react\`.

${table(others)}
`;
}

function table(packages: { name: string; version: string; licence: string }[]): string {
  const byLicence: Record<string, Set<string>> = {};
  for (const { name, version, licence } of packages)
    (byLicence[licence] ??= new Set()).add(`\`${name}\` ${version}`);
  const rows = Object.entries(byLicence)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([licence, names]) => `| ${licence} | ${[...names].sort().join(", ")} |`);
  return ["| licence | packages |", "|---|---|", ...rows].join("\n");
}
