/** The part of `docs/registry.md` about bringing sources to the registry. */
export const PULL_REQUEST = `# A pull request to the registry

\`npm run registry -- OUT\` writes what a reviewer reads, as it stands below \`components/servicenow/\`: *New Incident*, *New or Updated Record* and *New Comment or Work
Note* as plain \`.mjs\`, what they share in \`sources/common/\`, a \`test-event.mjs\` beside each, and \`package.json\` with one dependency more, this library. With \`OUT\` a checkout of
that folder, its \`package.json\` keeps what it has. The app file is not touched, so no other component of the app needs a new version.

The sources import \`servicenow-components/polling\`: the same change feed as ours, which makes the client from the \`$auth\` of the registry's own app. The library has to be published before the pull request.

What the command holds, and refuses to write otherwise:

* at most 15 files, 1,000 lines, 150 lines a file;
* the registry's lint: \`eslint:recommended\` and its style at language level ES2021 (no class fields, no private methods), and every rule that its plug-in \`@pipedream/eslint-plugin-pipedream\` has for sources, those
  about defaults of optional props included.

\`test/registry/\` runs the written files: each emits the very events that ours emits, over the same changes of one instance, and *New or Updated Record* passes the feed's torture.

What a reviewer looks at beside it:

* **Keys and folders.** \`servicenow-<folder>\`, kebab case, the same name for folder, file and key; a past-tense event or a noun. New components begin at \`0.0.1\`; every change raises the component's version, and a change
  of the app file that of all components of the app.
* **Names and descriptions.** Title case without the app's name; sources begin with *New* and *Emit new event*; the description ends with a link to the exact documentation.
* **Props.** The app first; label and description on each, an example in backticks; optional ones with a default; ids offered by \`options\`, which page or search. Props that the app defines are taken from it.
* **Sources.** \`dedupe: "unique"\` at the top level; \`db\` only behind \`_getX\` and \`_setX\`, saved after emitting; at most 25 events in \`deploy\`; \`id\` (64 characters count), \`summary\` and \`ts\` in milliseconds on each event;
  \`sampleEmit\` from \`test-event.mjs\`; no annotations.
* **Errors.** A \`ConfigurationError\` for wrong inputs alone.
* **The request itself.** Fewer than 300 changed files; every import declared in \`package.json\`; every review comment answered.

The registry would not take the bundles of \`npm run build\`: they are made for \`pd publish\` and for hosts, not to be read.
`;
