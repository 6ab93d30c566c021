import { z } from "zod";
import type { AccountRow } from "../db/schema";
import { HostError } from "../errors";
import type { RegisteredComponent } from "../execution/component-registry";
import { nearest } from "../execution/nearest";
import { hintsOf } from "./hints";
import { toolName } from "./tool-names";

/** More tools than this are offered by search. */
const MOST_LISTED = 40;

const flag = z.enum(["true", "false"]).transform((text) => text === "true");

/** What the address of the server may ask for. An unknown word is an error: it might have been meant to keep something out. */
export const offerQuery = z.strictObject({
  app: z.string().min(1).max(300).optional(),
  account: z.string().min(1).max(300).optional(),
  tools: z
    .string()
    .max(20_000)
    .transform((text) =>
      text
        .split(",")
        .map((key) => key.trim())
        .filter(Boolean),
    ) // prettier-ignore
    .optional(),
  mode: z.enum(["tools", "search"]).optional(),
  readOnly: flag.optional(),
  destructive: flag.optional(),
  external_user_id: z.string().max(250).optional(),
});
export type OfferQuery = z.output<typeof offerQuery>;

/** The actions that a session may call, by the names of their tools. */
export interface Offer {
  actions: Map<string, RegisteredComponent>;
  mode: "tools" | "search";
}

/** @throws HostError 400 for tools that do not exist or are not allowed, and words that contradict each other. */
export function offerOf(components: RegisteredComponent[], query: OfferQuery): Offer {
  const { readOnly = query.destructive !== true, destructive = false } = query;
  if (readOnly && destructive)
    throw new HostError(400, "readOnly=true and destructive=true exclude each other. Leave one out.");
  const isAllowed = (component: RegisteredComponent): boolean => {
    const hints = hintsOf(component);
    return hints.readOnly || (!readOnly && (destructive || !hints.destructive));
  };
  const known = components.filter(
    ({ type, apps }) => type === "action" && (!query.app || apps.includes(query.app)),
  );
  const chosen = query.tools ? query.tools.map((key) => named(key, known)) : known;
  const refused = query.tools && chosen.find((component) => !isAllowed(component));
  if (refused)
    throw new HostError(
      400,
      `${refused.key} ${hintsOf(refused).destructive ? "may destroy something: add readOnly=false&destructive=true" : "changes something: add readOnly=false"} to the address to offer it.`,
    );
  const actions = new Map(
    chosen.filter(isAllowed).map((component) => [toolName(component.key), component] as const),
  );
  return { actions, mode: query.mode ?? (actions.size > MOST_LISTED ? "search" : "tools") };
}

function named(key: string, components: RegisteredComponent[]): RegisteredComponent {
  const found = components.find((component) => component.key === key || toolName(component.key) === key);
  if (found) return found;
  const near = nearest(key, components.map((component) => component.key)); // prettier-ignore
  throw new HostError(
    400,
    `tools: there is no action "${key.slice(0, 100)}". ${near.length > 0 ? `Did you mean ${near.join(", ")}?` : "None is installed here."}`,
  );
}

/** The account of an app that a call uses: the one named, by id or name, or the only one there is. @throws HostError 400, 404 */
export function accountFor(
  app: string,
  accounts: AccountRow[],
  wanted: string | undefined,
  appName: string,
): AccountRow | undefined {
  const own = accounts.filter((account) => account.app === app);
  if (wanted === undefined) {
    if (own.length <= 1) return own[0];
    throw new HostError(
      400,
      `There are ${own.length} ${appName} accounts. Name one of them: ${listed(own)}.`,
    );
  }
  const found = own.filter(({ id, name }) => id === wanted || name === wanted);
  if (found.length === 1) return found[0];
  if (found.length > 1)
    throw new HostError(
      400,
      `${found.length} accounts are named "${wanted}". Give the id: ${listed(found)}.`,
    );
  throw new HostError(
    404,
    own.length === 0
      ? `There is no ${appName} account. Connect one on the host's page or by a connect link.`
      : `There is no ${appName} account "${wanted.slice(0, 100)}". There are: ${listed(own)}.`,
  );
}

const listed = (accounts: AccountRow[]): string =>
  accounts.map(({ id, name }) => `${id} (${name})`).join(", ");
