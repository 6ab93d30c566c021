import { z } from "zod";
import { HostError, notFound } from "../errors";
import { nearest } from "../execution/nearest";
import type { Services } from "./services";
import type { App } from "../accounts/apps/apps";
import type { RegisteredComponent } from "../execution/component-registry";
import { callers } from "./callers";
import { listPage, pageQuery } from "./paging";
import { id, searchWords, withId } from "./schemas";
import type { HostApp } from "./zod-routes";

const listQuery = pageQuery.extend({
  q: searchWords.optional(),
  app: z.string().max(300).optional(),
  component_type: z.enum(["trigger", "action"]).optional(),
});
const yesOrNo = z.enum(["true", "false"]).transform((text) => text === "true");
const several = z.union([z.string().max(200), z.array(z.string().max(200)).max(50)]);
const appsQuery = pageQuery.extend({
  q: searchWords.optional(),
  sort_key: z.enum(["name", "name_slug", "featured_weight"]).optional(),
  sort_direction: z.enum(["asc", "desc"]).optional(),
  category_ids: several.optional(),
  "category_ids[]": several.optional(),
  has_components: yesOrNo.optional(),
  has_actions: yesOrNo.optional(),
  has_triggers: yesOrNo.optional(),
});
const signedIn = { callers: callers.signedIn };
const lists = { config: signedIn, schema: { querystring: listQuery } };

/** Apps and components as the Connect API lists them. */
export function componentRoutes(app: HostApp, services: Services): void {
  const { registry, apps } = services;

  app.get("/apps", { config: signedIn, schema: { querystring: appsQuery } }, async ({ query }) => {
    const components = await registry.components();
    const found = (await apps.list())
      .filter((item) => matches(query.q, item.slug, item.name))
      .map((item) => appAnswer(item, components))
      .filter((item) => isAskedFor(item, query));
    return listPage(sorted(found, query), query, (item) => item.name_slug);
  });

  app.get("/app_categories", { config: signedIn }, async () => categoriesOf(await apps.list()));

  app.get("/app_categories/:id", { config: signedIn, schema: { params: withId } }, async ({ params }) => {
    const found = categoriesOf(await apps.list()).find((category) => category.id === params.id);
    if (!found) throw notFound("app category", params.id);
    return found;
  });

  app.get(
    "/apps/:slug",
    { config: signedIn, schema: { params: z.object({ slug: id }) } },
    async (request) => {
      const found = await apps.get(request.params.slug.replace(/^app_/, ""));
      return { data: appAnswer(found, await registry.components()) };
    },
  );

  for (const [path, type] of [
    ["/components", undefined],
    ["/actions", "action"],
    ["/triggers", "source"],
  ] as const) {
    app.get(path, lists, async ({ query }) => {
      const wanted =
        type ?? (query.component_type && (query.component_type === "action" ? "action" : "source"));
      const found = (await registry.components())
        .filter((item) => !wanted || item.type === wanted)
        .filter((item) => !query.app || item.apps.includes(query.app))
        .filter((item) => matches(query.q, item.key, item.name, item.description));
      return listPage(found.map(componentAnswer), query, (item) => item.key);
    });
    const one = {
      config: signedIn,
      schema: { params: z.object({ key: id }), querystring: z.object({ version: id.optional() }) },
    };
    app.get(`${path}/:key`, one, async ({ params, query }) => {
      const component = await componentByKey(services, params.key, type);
      refuseOtherVersion(component, query.version);
      return { data: componentAnswer(component) };
    });
  }
}

/** Components that could not be loaded, for the people who write or install them. */
export function componentProblemRoutes(app: HostApp, { registry }: Services): void {
  app.get("/api/component-problems", { config: { callers: callers.operators } }, async () => ({
    data: await registry.problems(),
  }));
}

/** One version of a component is installed. @throws HostError 404 when another is asked for. */
export function refuseOtherVersion(
  { key, version }: RegisteredComponent,
  asked: string | null | undefined,
): void {
  if (asked && asked !== version)
    throw new HostError(
      404,
      `${key} is installed here as version ${version}, and version ${asked} was asked for. Install that one, or leave the version out.`,
    );
}

/** @throws HostError 404 that lists near keys, 422 for a component that could not be loaded. */
export async function componentByKey(
  { registry }: Services,
  key: string,
  type?: "action" | "source",
): Promise<RegisteredComponent> {
  const found = await registry.component(key);
  if (found && (!type || found.type === type)) return found;
  const all = (await registry.components()).filter((item) => !type || item.type === type);
  const near = nearest(
    key,
    all.map((item) => item.key),
  );
  const broken = (await registry.problems()).find(
    (problem) => problem.key === key || key.endsWith(`-${problem.key}`),
  );
  if (broken)
    throw new HostError(
      422,
      `${key} could not be loaded: ${broken.message} It is looked at again when ${broken.file} or what it imports changes.`,
    );
  const what = type === "source" ? "trigger" : (type ?? "component");
  throw notFound(what, key, near.length > 0 ? `Did you mean ${near.join(", ")}?` : "None is installed here.");
}

interface AppAnswer extends Record<string, unknown> {
  name_slug: string;
  name: string;
  categories: string[];
  has_actions: boolean;
  has_triggers: boolean;
}

function isAskedFor(app: AppAnswer, query: z.infer<typeof appsQuery>): boolean {
  const { has_components, has_actions, has_triggers } = query;
  const ids = [query.category_ids ?? [], query["category_ids[]"] ?? []].flat();
  return (
    (has_components === undefined || has_components === (app.has_actions || app.has_triggers)) &&
    (has_actions === undefined || has_actions === app.has_actions) &&
    (has_triggers === undefined || has_triggers === app.has_triggers) &&
    (ids.length === 0 || app.categories.some((category) => ids.includes(categoryId(category))))
  );
}

function sorted(apps: AppAnswer[], query: z.infer<typeof appsQuery>): AppAnswer[] {
  const { sort_key, sort_direction } = query;
  // No app is featured here: their own order stays.
  if (sort_key !== "name" && sort_key !== "name_slug") return apps;
  const upwards = [...apps].sort((one, other) => one[sort_key].localeCompare(other[sort_key], "en"));
  return sort_direction === "desc" ? upwards.reverse() : upwards;
}

const categoryId = (name: string): string => `appcat_${name.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;

function categoriesOf(apps: App[]): { id: string; name: string; description: string }[] {
  const names = [...new Set(apps.flatMap(({ categories }) => categories))].sort();
  return names.map((name) => ({ id: categoryId(name), name, description: `Apps for ${name}` }));
}

function matches(q: string | undefined, ...texts: string[]): boolean {
  const words = (q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const text = texts.join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

function componentAnswer(component: RegisteredComponent): { key: string } & Record<string, unknown> {
  return {
    key: component.key,
    name: component.name,
    version: component.version,
    description: component.description,
    component_type: component.type === "action" ? "action" : "trigger",
    configurable_props: component.props,
    ...(component.annotations ? { annotations: component.annotations } : {}),
    ...(component.sampleEmit !== undefined ? { sample_emit: component.sampleEmit } : {}),
  };
}

function appAnswer(app: App, components: RegisteredComponent[]): AppAnswer {
  const own = components.filter((item) => item.apps.includes(app.slug));
  return {
    id: `app_${app.slug}`,
    name_slug: app.slug,
    name: app.name,
    auth_type: app.auth === "none" ? null : app.auth,
    description: app.description,
    img_src: "",
    custom_fields_json: JSON.stringify(app.connection?.kinds[0]?.fields ?? []),
    categories: app.categories,
    featured_weight: 0,
    scope_profiles: [],
    has_actions: own.some((item) => item.type === "action"),
    has_triggers: own.some((item) => item.type === "source"),
  };
}
