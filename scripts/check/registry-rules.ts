import type { AnyComponent } from "../../components";
import { resolvedProps, type ResolvedProp } from "../resolved-props";

/**
 * The registry's rules that its own tools cannot apply to components written in TypeScript: they look at object literals in `.mjs` files and skip
 * everything else. Each rule looks at one component, and at the others where it refers to them, and returns what is wrong.
 */
export interface Subject {
  component: AnyComponent;
  /** The folder below `actions/` or `sources/`. */
  folder: string;
  /** Text of the component's own file. */
  text: string;
  /** Names of all components. */
  names: ReadonlySet<string>;
  slug: string;
}

type Rule = (subject: Subject) => string[];
const when = (condition: boolean, problem: string) => (condition ? [problem] : []);

/** Props that the platform labels by itself. */
const UNLABELLED = new Set(["app", "$.service.db", "$.interface.timer", "$.interface.http", "dir"]);
const SMALL_WORDS = new Set([
  "a",
  "an",
  "and",
  "as",
  "at",
  "by",
  "for",
  "from",
  "in",
  "of",
  "on",
  "or",
  "the",
  "to",
  "with",
]);
const DOC_LINK = /\[See the documentation\]\((https:\/\/[^)\s]+)\)\.?$/;

const keyAndFolder: Rule = ({ component, folder, slug }) => [
  ...when(
    component.key !== `${slug}-${folder}`,
    `key "${component.key}" must be "${slug}-${folder}", after its folder`,
  ),
  ...when(!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(folder), `folder "${folder}" is not kebab case`),
];

const version: Rule = ({ component }) =>
  when(!/^\d+\.\d+\.\d+$/.test(component.version), `version "${component.version}" is not x.y.z`);

const name: Rule = ({ component }) => {
  const words = component.name.split(" ");
  const capital = words.every(
    (word, index) => /^[A-Z0-9("]/.test(word) || (index > 0 && SMALL_WORDS.has(word)),
  );
  return [
    ...when(!capital, `name "${component.name}" is not in title case`),
    ...when(/servicenow/i.test(component.name), "the name repeats the name of the app"),
    ...when(/^(A|An|The) /.test(component.name), "the name begins with an article"),
  ];
};

const description: Rule = ({ component }) => [
  ...when(
    !DOC_LINK.test(component.description),
    "the description does not end with [See the documentation](https://…)",
  ),
  ...when(component.description.length < 80, "the description says too little"),
  ...when(
    /dropdown|drop-down|select from|click/i.test(component.description),
    "the description speaks of a user interface",
  ),
];

/** Bold text names a component or one of the component's own props, and nothing else. */
const crossReferences: Rule = ({ component, names }) => {
  const props = resolvedProps(component);
  const labels = new Set(props.map(([, prop]) => String(prop?.label ?? "")));
  const texts: [where: string, text: string][] = [
    ["the description", component.description],
    ...props.map(([prop, resolved]): [string, string] => [
      `prop ${prop}`,
      String(resolved?.description ?? ""),
    ]),
  ];
  return texts.flatMap(([where, text]) =>
    [...text.matchAll(/\*\*(.+?)\*\*/g)]
      .map((match) => match[1] ?? "")
      .filter((bold) => !names.has(bold) && !labels.has(bold))
      .map((bold) => `${where} refers to **${bold}**, which is neither a component nor a prop of this one`),
  );
};

const annotations: Rule = ({ component }) => {
  if (component.type === "source")
    return when(component.annotations !== undefined, "a source must not have annotations");
  const hints = component.annotations;
  if (!hints) return ["annotations are missing"];
  return [
    ...when(
      [hints.readOnlyHint, hints.destructiveHint, hints.openWorldHint].some(
        (hint) => typeof hint !== "boolean",
      ),
      "annotations need readOnlyHint, destructiveHint and openWorldHint",
    ),
    ...when(!hints.openWorldHint, "an action that calls an API has openWorldHint: true"),
    ...when(hints.readOnlyHint && hints.destructiveHint, "an action that only reads destroys nothing"),
  ];
};

const appFirst: Rule = ({ component, slug }) => {
  const [first] = resolvedProps(component);
  return when(
    first?.[0] !== slug || first?.[1]?.type !== "app",
    `the first prop must be the app, named ${slug}`,
  );
};

function propProblems(key: string, prop: ResolvedProp | null): string[] {
  if (!prop) return [`prop ${key}: the app has no such prop definition`];
  const text = String(prop.description ?? "");
  const source = typeof prop.options === "function" ? prop.options.toString() : "";
  return [
    ...when(!/^[a-z][A-Za-z0-9]*$/.test(key), `prop ${key}: not in camelCase`),
    ...when(!UNLABELLED.has(prop.type) && !prop.label, `prop ${key}: has no label`),
    ...when(!UNLABELLED.has(prop.type) && !text, `prop ${key}: has no description`),
    ...when(
      text !== "" && !/[.)`?]$/.test(text.trim()),
      `prop ${key}: the description does not end like a sentence`,
    ),
    ...when(
      prop.type === "object" && !text.includes("{"),
      `prop ${key}: an object needs an example in its description`,
    ),
    ...when(
      prop.default !== undefined && !prop.optional && !UNLABELLED.has(prop.type),
      `prop ${key}: a default belongs to an optional prop`,
    ),
    ...when(
      source !== "" && !/\bpage\b|prevContext/.test(source),
      `prop ${key}: options must page (page or prevContext)`,
    ),
    ...when(
      /password|secret|token/i.test(key) && !prop.secret,
      `prop ${key}: looks secret and is not marked so`,
    ),
  ];
}

const props: Rule = ({ component }) =>
  resolvedProps(component).flatMap(([key, prop]) => propProblems(key, prop));

const behaviour: Rule = ({ component, text }) => [
  ...when(
    component.type === "action" && !/"\$summary"|\breport\(\s*\$/.test(text),
    'an action exports "$summary", or calls report',
  ),
  ...when(/process\.env/.test(text), "environment variables are not available to components"),
  ...when(/\$\.flow\.(rerun|suspend|delay)/.test(text), "an action finishes in one call"),
];

const additional: Rule = ({ component }) =>
  when(
    Boolean(component.additionalProps) && !/some clients|dynamic/i.test(component.description),
    "an action with dynamic props says what clients do that cannot show them",
  );

const source: Rule = ({ component }) => {
  if (component.type !== "source") return [];
  const timer = resolvedProps(component).find(([, prop]) => prop?.type === "$.interface.timer")?.[1];
  return [
    ...when(!component.name.startsWith("New "), 'the name of a source starts with "New "'),
    ...when(
      !component.description.startsWith("Emit new event"),
      'the description starts with "Emit new event"',
    ),
    ...when(component.dedupe !== "unique", 'dedupe must be "unique"'),
    ...when(component.sampleEmit === undefined, "there is no sample event"),
    ...when(timer !== undefined && timer?.default === undefined, "the timer has no default"),
  ];
};

const RULES: Rule[] = [
  keyAndFolder,
  version,
  name,
  description,
  crossReferences,
  annotations,
  appFirst,
  props,
  behaviour,
  additional,
  source,
];

/** Everything that is wrong with a component, one line each. */
export function registryProblems(subject: Subject): string[] {
  return RULES.flatMap((rule) => rule(subject)).map((problem) => `${subject.component.key}: ${problem}`);
}
