import { rm } from "node:fs/promises";
import { resolvedProps } from "../../../scripts/resolved-props";
import type { AnyComponent } from "../../../components";
import type { Row } from "../../helpers/action-suite";
import { resolve, useWorld } from "../../helpers/action-cases";
import { CASE_FILES, CASES } from "../cases/all";
import { asText } from "../../../components/prop-rules";

// What callers send beside plain values: the page of our host clears such inputs up, other platforms and agents do not.
const WORKING = CASES.filter(({ works }) => works).map((one) => [one.action.key, one] as const);

/** Every value as a choice that was picked from a list; objects and their JSON text are not. */
const picked = (values: Row): Row =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "object" || /^[[{]/.test(asText(value))
        ? value
        : { label: `The label of ${name}`, value },
    ]),
  );

/** The values with blanks for every optional input that was not given, an empty text and a space in turn. */
const blanked = (action: AnyComponent, values: Row): Row => {
  const left = resolvedProps(action).filter(
    ([name, prop]) => prop?.type !== "app" && prop?.type !== "dir" && prop?.optional && !(name in values),
  );
  return { ...Object.fromEntries(left.map(([name], place) => [name, place % 2 ? " " : ""])), ...values };
};

/** Numbers and switches as text, and every text with blanks around it. */
const padded = (values: Row): Row =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "object" ? value : ` ${asText(value)} `,
    ]),
  );

const WAYS = [
  ["texts with blanks around them", (_action: AnyComponent, values: Row) => padded(values)],
  ["choices with their labels", (_action: AnyComponent, values: Row) => picked(values)],
  ["blanks for inputs that were not given", blanked],
] as const;

describe.each(WAYS)("every action takes %s", (_what, given) => {
  const world = useWorld();
  afterAll(() => Promise.all(CASE_FILES.map((path) => rm(path, { force: true }))));

  it.each(WORKING)("%s", async (_key, { action, works, says, then }) => {
    const values = given(action, await resolve(works ?? {}, world));
    const { summary, result } = await world.run(action, values);
    expect(summary).toMatch(says ?? "");
    expect(summary).not.toMatch(/\[object|The label of/);
    await then?.(world, result);
  });
});
