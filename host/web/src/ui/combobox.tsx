import { useCombobox } from "downshift";
import { useEffect, useRef, useState } from "react";
import { asText, type LabelledValue } from "../../../../components/prop-rules";
import type { ControlIds } from "./field";

type Item = LabelledValue & { kind: "option" | "typed" };

export interface ComboboxProps {
  ids: ControlIds;
  labelId: string;
  selected: LabelledValue | null;
  onSelect: (option: LabelledValue | null) => void;
  /** Undefined while nothing has been asked for yet. */
  options: LabelledValue[] | undefined;
  /** Called with what is typed since the list was opened; "" when it opens. */
  onQuery: (query: string) => void;
  onOpenChange?: (open: boolean) => void;
  loading?: boolean;
  error?: string | undefined;
  onRetry?: () => void;
  onMore?: (() => void) | undefined;
  /** What was typed may be taken as the value. */
  allowTyped?: boolean;
  /** For choosing several: the list stays open and the field empties after each choice. */
  several?: boolean;
  disabledReason?: string | undefined;
  placeholder?: string;
}

const sameValue = (a: LabelledValue, b: LabelledValue): boolean => a.value === b.value;

/** A text field with a list that can be searched, paged and, where allowed, answered with a text of one's own. */
export function Combobox(props: ComboboxProps) {
  const { selected, options, several = false, allowTyped = false } = props;
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (several ? "" : (selected?.label ?? ""));
  const input = useRef<HTMLInputElement>(null);

  const items: Item[] = (options ?? []).map((option) => ({ ...option, kind: "option" }));
  const own = typed?.trim() ?? "";
  const exact = items.find((item) => item.label === own || String(item.value) === own);
  const typedItem: Item | undefined = allowTyped ? { label: own, value: own, kind: "typed" } : undefined;
  // Not while it is still searched: the first of the list would be the raw text, and a quick Enter would take it.
  if (typedItem && own !== "" && !exact && !props.loading) items.push(typedItem);

  const choose = (item: Item) => {
    props.onSelect({ label: item.label, value: item.value });
    setTyped(several ? "" : undefined);
    props.onQuery("");
  };
  /** Leaving the field keeps what stands in it where it may be a value, and takes it back where not. */
  const leave = () => {
    if (own !== "") {
      const kept = exact ?? typedItem;
      if (kept) choose(kept);
    } else if (typed !== undefined && !several && selected) props.onSelect(null);
    setTyped(undefined);
  };

  const box = useCombobox<Item>({
    items,
    selectedItem: null,
    inputValue: text,
    itemToString: (item) => item?.label ?? "",
    itemToKey: (item) => (item ? `${item.kind} ${String(item.value)}` : null),
    inputId: props.ids.id,
    labelId: props.labelId,
    stateReducer: (state, { type, changes }) => {
      const chose =
        type === useCombobox.stateChangeTypes.InputKeyDownEnter ||
        type === useCombobox.stateChangeTypes.ItemClick;
      // Leaving is answered in onBlur: a highlighted item is not a choice.
      if (type === useCombobox.stateChangeTypes.InputBlur)
        return { ...changes, selectedItem: state.selectedItem };
      if (chose && several) return { ...changes, isOpen: true, highlightedIndex: state.highlightedIndex };
      return changes;
    },
    onStateChange: ({ type, selectedItem }) => {
      const chose =
        type === useCombobox.stateChangeTypes.InputKeyDownEnter ||
        type === useCombobox.stateChangeTypes.ItemClick;
      if (chose && selectedItem) choose(selectedItem);
    },
    onIsOpenChange: ({ isOpen, type }) => {
      props.onOpenChange?.(isOpen);
      // Typing opens the list as well, and has said by itself what is looked for.
      if (isOpen && type !== useCombobox.stateChangeTypes.InputChange) props.onQuery(typed?.trim() ?? "");
    },
    onHighlightedIndexChange: ({ highlightedIndex }) => {
      if (highlightedIndex >= (options?.length ?? 0) - 2) props.onMore?.();
    },
  });

  const disabled = props.disabledReason !== undefined;
  const showClear = !several && selected !== null && typed === undefined && !disabled;
  return (
    <div className="combobox">
      <div className="combobox-input">
        <input
          {...box.getInputProps(
            {
              ref: input,
              onChange: (event) => {
                const value = event.currentTarget.value;
                setTyped(value);
                props.onQuery(value.trim());
              },
              onFocus: () => input.current?.select(),
              onBlur: leave,
              onKeyDown: (event) => {
                if (event.key === "Escape" && typed !== undefined) {
                  setTyped(undefined);
                  props.onQuery("");
                }
                // Escape shuts the list first, the dialog around it only after.
                if (event.key === "Escape" && box.isOpen) event.stopPropagation();
              },
            },
            { suppressRefError: true },
          )}
          {...props.ids}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          placeholder={props.disabledReason ?? props.placeholder ?? "Choose, or type to search"}
        />
        {showClear && (
          <button
            type="button"
            className="inside"
            aria-label={`Clear ${selected.label}`}
            onClick={() => {
              props.onSelect(null);
              input.current?.focus();
            }}
          >
            <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
              <path d="M3 3l10 10M13 3L3 13" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
            </svg>
          </button>
        )}
        <button
          {...box.getToggleButtonProps({ disabled })}
          type="button"
          className="inside"
          aria-label="Show the list"
        >
          <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
            <path
              d="M3 6l5 5 5-5"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.8"
              strokeLinecap="round"
            />
          </svg>
        </button>
      </div>
      <div className={`combobox-list ${box.isOpen ? "open" : ""}`}>
        <ul {...box.getMenuProps({ "aria-label": "Choices" }, { suppressRefError: true })}>
          {box.isOpen &&
            items.map((item, at) => (
              <li
                key={`${item.kind} ${String(item.value)} ${at}`}
                className={box.highlightedIndex === at ? "highlighted" : ""}
                {...box.getItemProps({
                  item,
                  index: at,
                  "aria-selected": item.kind === "option" && selected !== null && sameValue(item, selected),
                })}
              >
                {item.kind === "typed" ? (
                  <span>
                    Use <strong>{item.label}</strong> as it is
                  </span>
                ) : (
                  <>
                    <span>{item.label}</span>
                    {typeof item.value !== "object" && !item.label.includes(asText(item.value)) && (
                      <span className="value">{asText(item.value)}</span>
                    )}
                  </>
                )}
              </li>
            ))}
          {box.isOpen && props.onMore && <Sentinel key={items.length} onSeen={props.onMore} />}
        </ul>
        {box.isOpen && (
          <ListState
            loading={props.loading ?? false}
            error={props.error}
            empty={items.length === 0}
            query={own}
            onRetry={props.onRetry}
          />
        )}
      </div>
    </div>
  );
}

function ListState(props: {
  loading: boolean;
  error: string | undefined;
  empty: boolean;
  query: string;
  onRetry: (() => void) | undefined;
}) {
  // The press must not take the focus from the field, or the list would shut before the click.
  if (props.error && !props.loading)
    return (
      <div className="combobox-state error" role="alert" onMouseDown={(event) => event.preventDefault()}>
        <span>{props.error}</span>
        {props.onRetry && (
          <button type="button" className="button quiet small" onClick={props.onRetry}>
            Try again
          </button>
        )}
      </div>
    );
  return (
    <div className="combobox-state" role="status">
      {props.loading ? (
        <>
          <span className="spinner" aria-hidden="true" /> Searching…
        </>
      ) : props.empty ? (
        props.query ? (
          `Nothing found for “${props.query}”.`
        ) : (
          "Nothing to choose from."
        )
      ) : null}
    </div>
  );
}

/** Stands at the end of the list and asks for more when it comes into view. */
function Sentinel({ onSeen }: { onSeen: () => void }) {
  const element = useRef<HTMLLIElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) seen.current();
    });
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return <li ref={element} role="presentation" className="sentinel" />;
}
