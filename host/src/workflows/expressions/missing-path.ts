import type { Node } from "acorn";
import { pathsIn, propertyOf } from "./references";

/** What a part of an expression holds, and the names in it when it is an object. */
export interface Found {
  kind: string;
  names: string[];
}

/**
 * Finds the first part of the first path in the code that leads nowhere, by looking at each part in turn.
 * `whole` asks for the last part of a code that is one path too: its value is undefined. A path with `?.` may lead nowhere.
 */
export function describeMissing(
  tree: Node,
  look: (span: readonly [number, number]) => Found | undefined,
  whole: boolean,
): string | undefined {
  const only = tree.type === "MemberExpression" || tree.type === "Identifier";
  for (const { members } of pathsIn(tree))
    for (const member of members) {
      const { object } = member;
      const held = look([object.start, object.end]);
      if (!held) break;
      const name = propertyOf(member);
      const shown = name === undefined ? "the part in brackets" : name;
      if (held.kind === "undefined" || held.kind === "null") {
        if (member.optional) break;
        return undefined;
      }
      const next = look([member.start, member.end]);
      const isLast = member === members.at(-1);
      if (next?.kind !== "undefined" || (isLast && !(whole && only))) continue;
      const follower = members[members.indexOf(member) + 1];
      if (follower?.optional) break;
      return `${shown} is missing: ${textOf(object)} ${has(held)}`;
    }
  return undefined;

  function textOf(node: Node): string {
    if (node.type === "Identifier" && "name" in node) return String(node.name);
    const [path] = pathsIn(node);
    return path ? [path.root, ...path.names].join(".") : "what stands before it";
  }
}

function has({ kind, names }: Found): string {
  if (kind !== "an object") return `is ${kind}.`;
  return names.length === 0 ? "is empty." : `has ${names.join(", ")}.`;
}
