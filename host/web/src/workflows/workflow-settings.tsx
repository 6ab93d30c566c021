import type { Definition } from "./definition";

/** The name and what holds for the workflow as a whole. */
export function WorkflowSettings({
  definition,
  onChange,
}: {
  definition: Definition;
  onChange: (change: (before: Definition) => Definition) => void;
}) {
  const settings = definition.settings ?? {};
  const set = (name: string, value: unknown): void =>
    onChange((before) => {
      const { [name]: _before, ...others } = before.settings ?? {};
      return { ...before, settings: value === undefined ? others : { ...others, [name]: value } };
    });
  const textOf = (name: string): string => {
    const value = settings[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return (
    <>
      <label className="field">
        <span className="label">Workflow name</span>
        <input
          autoComplete="off"
          value={definition.name}
          onChange={(event) => {
            const name = event.currentTarget.value;
            onChange((before) => ({ ...before, name }));
          }}
        />
      </label>
      <details className="help">
        <summary>Order, limits and failures</summary>
        <div className="stack tight">
          <label className="field">
            <span className="small-label">Runs at a time</span>
            <input
              type="number"
              className="short"
              min={1}
              max={1000}
              placeholder="no limit"
              value={textOf("concurrency")}
              onChange={(event) => {
                const count = event.currentTarget.valueAsNumber;
                set("concurrency", count >= 1 ? count : undefined);
              }}
            />
          </label>
          <label className="field">
            <span className="small-label">In order by</span>
            <input
              className="mono"
              placeholder="{{ steps.trigger.event.sys_id }}"
              value={textOf("orderBy")}
              onChange={(event) => set("orderBy", event.currentTarget.value || undefined)}
            />
          </label>
          <label className="field">
            <span className="small-label">When a step fails</span>
            <select
              value={textOf("onError") || "stop"}
              onChange={(event) =>
                set("onError", event.currentTarget.value === "stop" ? undefined : event.currentTarget.value)
              }
            >
              <option value="stop">the run fails</option>
              <option value="continue">the run goes on</option>
            </select>
          </label>
          <label className="field">
            <span className="small-label">Start this workflow when a run fails</span>
            <input
              placeholder="name of a workflow"
              value={textOf("errorWorkflow")}
              onChange={(event) => set("errorWorkflow", event.currentTarget.value || undefined)}
            />
          </label>
        </div>
      </details>
    </>
  );
}
