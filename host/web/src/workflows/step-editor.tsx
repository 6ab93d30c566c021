import { useEffect, useState } from "react";
import { useAccounts, useComponent } from "../api/queries";
import type { Account, Component } from "../api/types";
import { ExpressionToolsProvider } from "../form/expressions";
import { usePropForm } from "../form/form-state";
import { PropFormView } from "../form/prop-form";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { Text } from "../ui/text";
import { Waiting } from "../ui/waiting";
import { BranchEditor, DelayEditor, LoopEditor } from "./block-editors";
import { CodeField } from "./code-field";
import { DataPicker } from "./data-picker";
import { kindOf, namesOf } from "./definition";
import { ExpressionField } from "./expression-field";
import type { StepEditorProps } from "./step-editor-props";
import { StepOptions } from "./step-options";
import { valuesForFile, valuesForForm } from "./prop-values";

/** The settings of one step, by its kind, and its test. */
export function StepEditor(props: StepEditorProps) {
  const { step, onChange, definition } = props;
  return (
    <ExpressionToolsProvider
      value={{
        picker: ({ label, onPick }) => (
          <DataPicker namespace={step.namespace} label={label} onPick={onPick} />
        ),
      }}
    >
      <div className="stack">
        <StepName definition={definition} step={step} onChange={onChange} />
        <ExpressionField
          namespace={step.namespace}
          label="Run only if"
          description="The step is skipped when this is not so."
          optional
          placeholder="always"
          value={step.if ?? ""}
          onChange={(value) => onChange({ if: value === "" ? undefined : value })}
        />
        <KindEditor {...props} />
      </div>
    </ExpressionToolsProvider>
  );
}

function KindEditor(props: StepEditorProps) {
  switch (kindOf(props.step)) {
    case "uses":
      return <ComponentStep {...props} />;
    case "code":
      return <CodeStep {...props} />;
    case "branch":
      return <BranchEditor {...props} />;
    case "forEach":
      return <LoopEditor {...props} />;
    case "delay":
      return <DelayEditor {...props} />;
  }
}

/** The name under which later steps read the result. It changes when the field is left, in all expressions at once. */
function StepName({ definition, step, onChange }: Pick<StepEditorProps, "definition" | "step" | "onChange">) {
  const [name, setName] = useState(step.namespace);
  useEffect(() => setName(step.namespace), [step.namespace]);
  const taken = name !== step.namespace && namesOf(definition).has(name);
  const error = taken
    ? `Another step is named “${name}”.`
    : /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)
      ? undefined
      : "A name has letters, digits and _, and does not begin with a digit.";
  return (
    <Field
      label="Step name"
      description={`Later steps read it as \`steps.${step.namespace}\`.`}
      error={error}
    >
      {(ids) => (
        <input
          {...ids}
          className="mono"
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={() => {
            if (error === undefined && name !== step.namespace) onChange({ namespace: name });
            else if (error !== undefined) setName(step.namespace);
          }}
        />
      )}
    </Field>
  );
}

function ComponentStep(props: StepEditorProps) {
  const key = props.step.uses?.split("@")[0];
  const component = useComponent(key, "actions");
  const accounts = useAccounts();
  if (component.error)
    return (
      <Notice kind="error" title="This action is not here">
        {component.error.message}
      </Notice>
    );
  if (!component.data || !accounts.data) return <Waiting>Loading the action…</Waiting>;
  return <ActionForm {...props} key={key} component={component.data} accounts={accounts.data} />;
}

function ActionForm({
  component,
  accounts,
  step,
  onChange,
  onTest,
  testing,
  children,
}: StepEditorProps & { component: Component; accounts: Account[] }) {
  const form = usePropForm(component, {
    name: "workflow step",
    values: valuesForForm(step.props, component.configurable_props, accounts),
    takesExpressions: true,
  });
  const shown = new Set(form.props.map(({ name }) => name));
  // Fields that are still being found keep what the file says.
  const others = Object.entries(step.props ?? {}).filter(([name]) => !shown.has(name));
  const props = {
    ...Object.fromEntries(others),
    ...valuesForFile(form.values, form.props, accounts),
  };
  const text = JSON.stringify(props);
  useEffect(() => {
    if (text !== JSON.stringify(step.props ?? {})) onChange({ props: JSON.parse(text) as typeof props });
  }, [text]);
  return (
    <>
      {component.description && <Text className="lead">{component.description}</Text>}
      <PropFormView
        form={form}
        submitLabel="Test this step"
        busyLabel="Testing…"
        busy={testing}
        onSubmit={onTest}
        extra={<StepOptions step={step} onChange={onChange} />}
      >
        {children}
      </PropFormView>
    </>
  );
}

function CodeStep({ step, onChange, onTest, testing, children }: StepEditorProps) {
  return (
    <>
      <div className="field">
        <span className="label">Code</span>
        <CodeField
          label={`Code of ${step.namespace}`}
          language="typescript"
          value={step.code ?? ""}
          onChange={(code) => onChange({ code })}
        />
        <p className="about">
          A function of {"{ steps, $ }"}, or a component. What it returns is{" "}
          <code>steps.{step.namespace}.$return_value</code>.
        </p>
      </div>
      <StepOptions step={step} onChange={onChange} />
      <div className="row">
        <Button look="primary" busy={testing} onClick={onTest}>
          {testing ? "Testing…" : "Test this step"}
        </Button>
      </div>
      {children}
    </>
  );
}
