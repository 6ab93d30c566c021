import { HostError, notFound } from "../../errors";
import type { ComponentRegistry, RegisteredApp } from "../../execution/component-registry";
import type { Runtime } from "../../execution/runtime";
import { ComponentConnection } from "../component-connection";
import type { Connection } from "../connection";
import type { AppDescriptions, KnownDescription } from "./app-descriptions";
import type { AppDescription } from "./description";
import { DescribedConnection } from "./described-connection";

/** An app, from its components and from what describes its accounts. */
export interface App {
  slug: string;
  name: string;
  description: string;
  categories: string[];
  /** `keys` without a connection: nobody has said which fields there are. */
  auth: "oauth" | "keys" | "none";
  connection?: Connection;
  described?: AppDescription;
  origin: "components" | KnownDescription["origin"];
}

/** Every app that a component names or that is described. */
export class Apps {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly runtime: Runtime,
    readonly descriptions: AppDescriptions,
  ) {}

  /** Apps that components here belong to, and those that the operator has described. */
  async list(): Promise<App[]> {
    const [registered, descriptions] = await Promise.all([this.registry.apps(), this.descriptions.all()]);
    const slugs = new Set(registered.map(({ slug }) => slug));
    const own = [...descriptions.values()].filter(
      ({ app, origin }) => origin !== "ready" && !slugs.has(app.slug),
    );
    return [
      ...registered.map((app) => this.#appOf(app, descriptions.get(app.slug))),
      ...own.map((known) => this.#appOf(undefined, known)),
    ];
  }

  async find(slug: string): Promise<App | undefined> {
    const [registered, descriptions] = await Promise.all([this.registry.app(slug), this.descriptions.all()]);
    const known = descriptions.get(slug);
    return registered || known ? this.#appOf(registered, known) : undefined;
  }

  /** @throws HostError 404 */
  async get(slug: string): Promise<App> {
    const found = await this.find(slug);
    if (!found) throw notFound("app", slug);
    return found;
  }

  /** How its accounts are connected. @throws HostError 422 for an app of which nobody has said it. */
  async connectionOf(slug: string): Promise<Connection> {
    const { name, auth, connection } = await this.get(slug);
    if (connection) return connection;
    throw new HostError(
      422,
      auth === "none"
        ? `${name} needs no account.`
        : `Nobody has described how an account of ${name} is connected; connect it by its keys.`,
    );
  }

  /** What an app's own code declares counts before a ready description, and after one that the operator made. */
  #appOf(registered: RegisteredApp | undefined, known: KnownDescription | undefined): App {
    const declares = registered?.connection && registered.file;
    const described = known && !(known.origin === "ready" && declares) ? known : undefined;
    const slug = registered?.slug ?? known?.app.slug ?? "";
    const isNamed = registered !== undefined && registered.name !== registered.slug;
    const base = {
      slug,
      name: described?.app.name ?? (isNamed ? registered.name : (known?.app.name ?? slug)),
      description: registered?.description || known?.app.description || "",
      categories: known?.app.categories ?? [],
    };
    if (described) {
      const { app, origin } = described;
      return {
        ...base,
        auth: app.auth,
        described: app,
        origin,
        ...(app.auth === "none" ? {} : { connection: new DescribedConnection(app, this.runtime.outbound) }),
      };
    }
    if (registered?.connection && registered.file)
      return {
        ...base,
        auth: "oauth",
        origin: "components",
        connection: new ComponentConnection(this.runtime, registered, registered.file, registered.connection),
      };
    return { ...base, auth: "keys", origin: "components" };
  }
}
