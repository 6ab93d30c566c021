import { checkProps } from "../../../components/prop-rules";
import type { ComponentRegistry, RegisteredComponent } from "../execution/component-registry";
import { messageOf } from "../errors";
import type { AccountNames } from "./account-names";
import type { Definition, Step } from "./definition";
import type { DefinitionProblem } from "./read-definition";

/** Holds a definition against what is installed and connected here: components, their props, and accounts. */
export class CheckDefinition {
  constructor(
    readonly registry: ComponentRegistry,
    readonly accounts: AccountNames,
  ) {}

  async problems(definition: Definition, user: string): Promise<DefinitionProblem[]> {
    const problems: DefinitionProblem[] = [];
    for (const [index, { uses, props }] of definition.triggers.entries())
      if (uses !== "http" && uses !== "schedule")
        problems.push(...(await this.#uses(uses, "source", props ?? {}, `triggers[${index}]`, user)));
    await this.#steps(definition.steps, "steps", user, problems);
    return problems;
  }

  async #steps(steps: Step[], path: string, user: string, problems: DefinitionProblem[]): Promise<void> {
    for (const [index, step] of steps.entries()) {
      const place = `${path}[${index}]`;
      if ("uses" in step)
        problems.push(...(await this.#uses(step.uses, "action", step.props ?? {}, place, user)));
      if ("forEach" in step) await this.#steps(step.steps, `${place}.steps`, user, problems);
      if ("branch" in step)
        for (const [arm, { steps: inner }] of step.branch.entries())
          await this.#steps(inner, `${place}.branch[${arm}].steps`, user, problems);
    }
  }

  async #uses(
    uses: string,
    type: "source" | "action",
    props: Record<string, unknown>,
    path: string,
    user: string,
  ): Promise<DefinitionProblem[]> {
    const [key = "", version] = uses.split("@");
    const component = await this.registry.component(key);
    if (!component) return [{ path: `${path}.uses`, reason: `names ${key}, which is not installed here.` }];
    if (component.type !== type)
      return [
        {
          path: `${path}.uses`,
          reason: `names ${key}, which is ${component.type === "source" ? "a source" : "an action"}; here stands ${type === "source" ? "a source" : "an action"}.`,
        },
      ];
    if (version !== undefined && version !== component.version)
      return [
        { path: `${path}.uses`, reason: `names version ${version}, and ${component.version} is installed.` },
      ];
    return this.#props(component, props, `${path}.props`, user);
  }

  async #props(
    component: RegisteredComponent,
    props: Record<string, unknown>,
    path: string,
    user: string,
  ): Promise<DefinitionProblem[]> {
    const problems: DefinitionProblem[] = [];
    const fixed = Object.fromEntries(Object.entries(props).filter(([, value]) => !holdsExpression(value)));
    const open = new Set(Object.keys(props).filter((name) => !(name in fixed)));
    const checked = checkProps(component.props, fixed);
    for (const { prop, message } of checked.problems)
      if (!open.has(prop)) problems.push({ path: `${path}.${prop}`, reason: `${message}.` });
    if (!component.hasAdditionalProps) {
      const known = component.props.map(({ name }) => name).join(", ");
      for (const name of Object.keys(props))
        if (!component.props.some((prop) => prop.name === name))
          problems.push({
            path: `${path}.${name}`,
            reason: `is no prop of ${component.key}; it has ${known}.`,
          });
    }
    for (const prop of component.props.filter(({ type, optional }) => type === "app" && optional !== true))
      if (props[prop.name] === undefined && !(await this.accounts.accounts.isNeedless(String(prop.app))))
        problems.push({
          path: `${path}.${prop.name}`,
          reason: `is missing; it takes a ${prop.app} account, { account: name }.`,
        });
    await this.accounts.resolve(component.props, fixed, user).catch((error: unknown) => {
      problems.push({ path, reason: messageOf(error) });
    });
    return problems;
  }
}

/** Whether a value is known only when the step runs. */
function holdsExpression(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes("{{");
}
