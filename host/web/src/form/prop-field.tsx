import type { Prop } from "../api/types";
import { Button } from "../ui/button";
import { Notice, type NoticeKind } from "../ui/notice";
import { Text } from "../ui/text";
import { Field, type ControlIds } from "../ui/field";
import { ObjectControl } from "../controls/object-control";
import type { ObjectDraft } from "../controls/object-draft";
import { TimerControl } from "../controls/timer-control";
import type { TimerDraft } from "../controls/timer-draft";
import { YesNo } from "../controls/yes-no";
import { scheduleInWords } from "../../../../components/prop-rules";
import { FilterControl } from "../filter/filter-control";
import { AccountField } from "./account-field";
import type { PropForm } from "./form-state";
import { OptionsField } from "./options-field";
import { controlOf, isAddedByHand } from "./control-kind";
import { isExpressionDraft } from "./expression-draft";
import { ExpressionInput, useFieldExpressions } from "./expressions";
import { readDraft } from "./drafts";

/** One prop of a component, with the control that fits it. */
export function PropField({ form, prop }: { form: PropForm; prop: Prop }) {
  const control = controlOf(prop);
  const label = form.labelOf(prop);
  const expressions = useFieldExpressions(form, prop);
  if (control === "alert")
    return (
      <Notice kind={(prop.alertType ?? "info") satisfies NoticeKind}>
        <Text>{prop.content ?? ""}</Text>
      </Notice>
    );
  if (control === "note")
    return (
      <Notice kind="neutral" title={label}>
        {prop.type === "$.interface.http"
          ? "The host makes an address for this trigger when it is deployed. It is shown on the trigger's page."
          : "The app calls this trigger by itself; nothing is to be set here."}
      </Notice>
    );
  return (
    <Field
      label={label}
      description={prop.description ?? aboutUndescribed(prop)}
      error={form.errorOf(prop)}
      required={!prop.optional}
      group={(control === "yesno" || control === "filter") && expressions?.isExpression !== true}
      aside={
        <span className="row">
          {expressions?.aside}
          {isAddedByHand(prop) && !prop.static && (
            <Button
              look="quiet"
              className="small"
              aria-label={`Remove ${label}`}
              onClick={() => form.remove(prop)}
            >
              Remove
            </Button>
          )}
        </span>
      }
    >
      {(ids) => (
        <fieldset className="bare" disabled={prop.disabled || prop.readOnly}>
          {expressions ? (
            <div ref={expressions.box} onFocusCapture={expressions.onFocusCapture}>
              <PropControl form={form} prop={prop} ids={ids} />
            </div>
          ) : (
            <PropControl form={form} prop={prop} ids={ids} />
          )}
        </fieldset>
      )}
    </Field>
  );
}

function aboutUndescribed(prop: Prop): string | undefined {
  if (prop.type === "app") return undefined;
  if (prop.type === "$.interface.timer") return "How often to look for something new.";
  if (prop.type === "data_store") return "The name of the data store to keep values in.";
  return undefined;
}

function PropControl({ form, prop, ids }: { form: PropForm; prop: Prop; ids: ControlIds }) {
  const draft = form.draft(prop);
  const set = (value: unknown) => form.setDraft(prop, value);
  const shared = { ids, onChange: set };
  const text = {
    ...ids,
    value: typeof draft === "string" ? draft : "",
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  if (isExpressionDraft(draft)) return <ExpressionInput ids={ids} draft={draft} onChange={set} />;
  switch (controlOf(prop)) {
    case "app":
      return <AccountField form={form} prop={prop} ids={ids} />;
    case "timer":
      return prop.static === undefined ? (
        <TimerControl {...shared} draft={draft as TimerDraft} />
      ) : (
        <p className="fixed">Runs {scheduleInWords(prop.static)}. The component sets this.</p>
      );
    case "select":
    case "multiselect":
      return <OptionsField form={form} prop={prop} ids={ids} />;
    case "yesno":
      return <YesNo {...shared} draft={draft as boolean | undefined} />;
    case "number":
      return (
        <input {...text} inputMode={prop.type === "integer" ? "numeric" : "decimal"} className="middle" />
      );
    case "lines":
      return <textarea {...text} rows={3} placeholder="One value on each line" spellCheck={false} />;
    case "object":
      return <ObjectControl {...shared} draft={draft as ObjectDraft} />;
    case "json":
      return (
        <>
          <textarea {...text} rows={4} className="mono" spellCheck={false} placeholder="JSON" />
          <JsonHint prop={prop} text={text.value} quiet={ids["aria-invalid"] === true} />
        </>
      );
    case "filter":
      return prop.filter ? (
        <FilterControl {...shared} owner={{ form, prop }} syntax={prop.filter.syntax} draft={draft} />
      ) : null;
    case "secret":
      return <input {...text} type="password" autoComplete="off" />;
    default:
      return <textarea {...text} rows={1} className="one-line" />;
  }
}

function JsonHint({ prop, text, quiet }: { prop: Prop; text: string; quiet: boolean }) {
  if (quiet || text.trim() === "") return null;
  const read = readDraft(prop, text);
  return (
    <p className="hint" role="status">
      {read.error ??
        (typeof read.value === "string" && !text.trim().startsWith('"') ? "Sent as text." : "Valid JSON.")}
    </p>
  );
}
