import { useState } from "react";
import { toLabelledValue, type LabelledValue } from "../../../../components/prop-rules";
import { useRemoteOptions } from "../api/components";
import type { Prop } from "../api/types";
import { Combobox } from "../ui/combobox";
import type { ControlIds } from "../ui/field";
import { useDebounced } from "../ui/use-debounced";
import type { PropForm } from "./form-state";

/** A prop with options, fixed or found by the component; one value or several. */
export function OptionsField({ form, prop, ids }: { form: PropForm; prop: Prop; ids: ControlIds }) {
  const several = prop.type.endsWith("[]");
  const draft = form.draft(prop);
  const chosen = several ? (draft as LabelledValue[]) : [];
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const asked = useDebounced(query, 250);
  const remote = useRemoteOptions({
    componentKey: form.component.key,
    prop,
    configured: form.configured,
    dynamicPropsId: form.dynamicPropsId,
    query: prop.useQuery ? asked : "",
    enabled: open,
  });

  const found = prop.remoteOptions
    ? remote.data?.pages.flatMap((page) => page.options)
    : (prop.options ?? []).map(toLabelledValue);
  const searchedByComponent = prop.remoteOptions && prop.useQuery;
  const options = unique(found)?.filter(
    (option) =>
      (searchedByComponent || matches(option, query)) &&
      !chosen.some((other) => other.value === option.value),
  );
  const missing = prop.remoteOptions ? form.missingBefore(prop) : [];
  const waitsForTyping = searchedByComponent === true && query !== asked;

  return (
    <>
      {chosen.length > 0 && (
        <ul className="chips" aria-label="Chosen">
          {chosen.map((option) => (
            <li key={String(option.value)} className="chip">
              {option.label}
              <button
                type="button"
                aria-label={`Remove ${option.label}`}
                onClick={() => {
                  form.setDraft(
                    prop,
                    chosen.filter((other) => other.value !== option.value),
                  );
                  document.getElementById(ids.id)?.focus();
                }}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <Combobox
        ids={ids}
        labelId={`${ids.id}-label`}
        several={several}
        selected={several ? null : (draft as LabelledValue | null)}
        onSelect={(option) => {
          if (!several) form.setDraft(prop, option);
          else if (option && !chosen.some((other) => other.value === option.value))
            form.setDraft(prop, [...chosen, option]);
        }}
        options={options}
        onQuery={setQuery}
        onOpenChange={setOpen}
        loading={remote.isFetching || waitsForTyping}
        error={remote.error?.message}
        onRetry={() => void remote.refetch()}
        onMore={remote.hasNextPage && !remote.isFetching ? () => void remote.fetchNextPage() : undefined}
        allowTyped={prop.remoteOptions === true}
        disabledReason={missing.length > 0 ? `First fill in ${missing.join(", ")}` : undefined}
        placeholder={several ? "Add, or type to search" : "Choose, or type to search"}
      />
    </>
  );
}

function matches(option: LabelledValue, query: string): boolean {
  const wanted = query.toLowerCase();
  return option.label.toLowerCase().includes(wanted) || String(option.value).toLowerCase().includes(wanted);
}

/** Pages of a list that moves meanwhile can overlap. */
function unique(options: LabelledValue[] | undefined): LabelledValue[] | undefined {
  if (!options) return undefined;
  const seen = new Set<unknown>();
  return options.filter((option) => !seen.has(option.value) && seen.add(option.value));
}
