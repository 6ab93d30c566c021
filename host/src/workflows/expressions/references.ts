import type { MemberExpression, Node } from "acorn";

/** A read such as `steps.a.b[0]`: the root name, the names known before it runs, and where each part ends in the code. */
export interface Path {
  root: string;
  /** Names until the first that only the running code knows. */
  names: string[];
  /** The members from the root outwards, one for each part of the chain. */
  members: MemberExpression[];
  /** False where the chain goes on with a part that only the running code knows. */
  complete: boolean;
}

/** Every chain of members below a plain name in the tree, the longest form of each, in their order. */
export function pathsIn(tree: Node): Path[] {
  const paths: Path[] = [];
  visit(tree, (node) => {
    if (node.type === "Identifier")
      paths.push({ root: nameOf(node), names: [], members: [], complete: true });
    if (node.type !== "MemberExpression") return true;
    const path = chainOf(node as MemberExpression);
    if (!path) return true;
    paths.push(path);
    // What stands within brackets is code of its own.
    for (const member of path.members)
      if (member.computed) for (const inner of pathsIn(member.property)) paths.push(inner);
    return false;
  });
  return paths;
}

/** Namespaces of the steps that the code reads; `all` when some are named by running code only. */
export function stepsReadBy(tree: Node): { names: Set<string>; all: boolean } {
  const names = new Set<string>();
  let all = false;
  for (const {
    root,
    names: [first],
  } of pathsIn(tree)) {
    if (root !== "steps") continue;
    if (first === undefined) all = true;
    else names.add(first);
  }
  return { names, all };
}

function chainOf(node: MemberExpression): Path | undefined {
  const members: MemberExpression[] = [];
  let at: Node = node;
  while (at.type === "MemberExpression" || at.type === "ChainExpression") {
    if (at.type === "MemberExpression") members.unshift(at as MemberExpression);
    at =
      at.type === "MemberExpression"
        ? (at as MemberExpression).object
        : (at as unknown as { expression: Node }).expression;
  }
  if (at.type !== "Identifier") return undefined;
  const names: string[] = [];
  for (const member of members) {
    const name = propertyOf(member);
    if (name === undefined) return { root: nameOf(at), names, members, complete: false };
    names.push(name);
  }
  return { root: nameOf(at), names, members, complete: true };
}

/** The name a member reads, when the code says it. */
export function propertyOf(member: MemberExpression): string | undefined {
  const { property } = member;
  if (!member.computed) return property.type === "Identifier" ? property.name : undefined;
  return property.type === "Literal" &&
    (typeof property.value === "string" || typeof property.value === "number")
    ? String(property.value)
    : undefined;
}

function nameOf(node: Node): string {
  return "name" in node && typeof node.name === "string" ? node.name : "";
}

/** Walks the tree; children of a node are visited when `enter` says so. Keys and labels are no reads. */
function visit(node: Node, enter: (node: Node) => boolean): void {
  if (!enter(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "key" && node.type === "Property" && !(node as unknown as { computed: boolean }).computed)
      continue;
    if (key === "property" && node.type === "MemberExpression" && !(node as MemberExpression).computed)
      continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value as unknown])
      if (isNode(child)) visit(child, enter);
  }
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    "start" in value
  );
}
