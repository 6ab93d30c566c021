import { plainValue, wrongInput } from "./input";
import { fieldValues } from "./field-props";
import { furtherValues } from "./record-values";
import { given } from "./given-values";
import { textOf } from "../../common/table/cells";

/** Columns that an action sets by itself: what sets them (a prop's label, or the action's name), and the value. */
export type FixedFields = Record<string, readonly [setBy: string, value: unknown]>;

const written = (value: unknown): string =>
  Array.isArray(value) ? value.map(textOf).join(",") : textOf(value);

/**
 * The columns that an action made for one thing writes: its own, and those of the JSON object and of the inputs for single columns. Throws before any
 * request when those name a column that the action sets to another value.
 * The same value twice is fine, in the words of the prop.
 * @param instead the action that changes such a column freely, for the error
 */
export function fixedFields(instance: object, own: FixedFields, instead?: string): Record<string, unknown> {
  const further = furtherValues(instance);
  const values = given(
    Object.fromEntries(Object.entries(own).map(([column, [, value]]) => [column, plainValue(value)])),
  );
  const refused = Object.keys(values).find(
    (column) => column in further && written(plainValue(further[column])) !== written(values[column]),
  );
  if (refused) {
    const where = refused in fieldValues(instance) ? "Fields" : "Other Fields";
    throw wrongInput(
      `${where}: \`${refused}\` is what ${own[refused]?.[0]} sets. Leave it out here${instead ? `, or use the action "${instead}"` : ""}.`,
    );
  }
  return { ...further, ...values };
}
