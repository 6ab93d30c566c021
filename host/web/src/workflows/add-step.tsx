import { useMemo, useState } from "react";
import { Autocomplete, Input, Label, ListBox, ListBoxItem, SearchField } from "react-aria-components";
import { useComponents } from "../api/components";
import { plainText } from "../search/plain-text";
import { ranked, type Searchable } from "../search/rank";
import { Dialog } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";

const control: Searchable[] = [
  {
    key: "branch",
    name: "If / branch",
    description: "Goes one way or another by a condition. Condition, else, switch, filter.",
  },
  {
    key: "forEach",
    name: "For each item",
    description: "Runs steps for each item of a list. Loop, iterate, repeat.",
  },
  { key: "delay", name: "Delay", description: "Waits for a time. Wait, sleep, pause." },
  {
    key: "code",
    name: "Run code",
    description: "JavaScript or TypeScript of your own. Script, function, transform, Node.",
  },
];
const starts: Searchable[] = [
  {
    key: "http",
    name: "HTTP request",
    description: "Starts for each request to an address of its own. Webhook, API, form.",
  },
  { key: "schedule", name: "Schedule", description: "Starts at times. Cron, daily, hourly, every, timer." },
];

/** Chooses what a workflow does next, or what starts it: components, code and control, the best fits first. */
export function ChooseDialog({
  kind,
  onChoose,
  onClose,
}: {
  kind: "step" | "trigger";
  onChoose: (key: string) => void;
  onClose: () => void;
}) {
  const components = useComponents(kind === "step" ? "actions" : "triggers");
  const [typed, setTyped] = useState("");
  const own = kind === "step" ? control : starts;
  const found = useMemo(
    () => ranked<Searchable>([...own, ...(components.data ?? [])], typed.trim()).slice(0, 100),
    [own, components.data, typed],
  );
  return (
    <Dialog title={kind === "step" ? "Add step" : "Choose a trigger"} onClose={onClose}>
      <div className="stack tight">
        <Autocomplete inputValue={typed} onInputChange={setTyped}>
          <SearchField className="field" autoFocus>
            <Label className="label">Search</Label>
            <Input
              placeholder={
                kind === "step"
                  ? "What to do, such as “create ticket” or “loop”"
                  : "What to wait for, such as “new incident”"
              }
            />
          </SearchField>
          {components.isPending && <Waiting>Loading the components…</Waiting>}
          {components.error && <Notice kind="error">{components.error.message}</Notice>}
          <div className="choose-scroll" tabIndex={0} role="group" aria-label="What fits">
            <ListBox
              className="choose-list"
              aria-label={kind === "step" ? "Steps" : "Triggers"}
              items={found.map((one) => ({ ...one, id: one.key }))}
              onAction={(key) => onChoose(String(key))}
              renderEmptyState={() => (
                <p className="about">Nothing fits “{typed}”. Try another word, or fewer of them.</p>
              )}
            >
              {(one) => (
                <ListBoxItem id={one.key} textValue={one.name} className="choose-item">
                  <span className="card-title">{one.name}</span>
                  <span className="about clip">{plainText(one.description)}</span>
                </ListBoxItem>
              )}
            </ListBox>
          </div>
        </Autocomplete>
      </div>
    </Dialog>
  );
}
