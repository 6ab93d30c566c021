/** A step into a value: a field's name or a place in a list. */
export type PathStep = string | number;

/** A path as an expression reads it: `steps.trigger.event.items[3]["odd name"]`. */
export function pathText(root: string, path: readonly PathStep[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (/^[A-Za-z_$][\w$]*$/.test(step)) return text === "" ? step : `${text}.${step}`;
    return `${text}[${JSON.stringify(step)}]`;
  }, root);
}
