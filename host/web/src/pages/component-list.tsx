import { useDeferredValue, useMemo, useState } from "react";
import { useComponents } from "../api/components";
import type { Component } from "../api/types";
import { linkTo } from "../router";
import { plainText } from "../search/plain-text";
import { ranked } from "../search/rank";
import { bySubject } from "../search/subjects";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";
import { ComponentProblems } from "./component-problems";

interface ComponentListProps {
  kind: "triggers" | "actions";
  noun: string;
  linkParts: string[];
}

/** Components to choose from: grouped by subject, or the best fits for the words that are typed. */
export function ComponentList({ kind, noun, linkParts }: ComponentListProps) {
  const [typed, setTyped] = useState("");
  const words = useDeferredValue(typed.trim());
  const all = useComponents(kind);
  const found = useMemo(() => ranked(all.data ?? [], words), [all.data, words]);
  return (
    <div className="stack">
      <div className="search">
        <label className="label" htmlFor="component-search">
          Search {noun}s
        </label>
        <input
          id="component-search"
          type="search"
          autoComplete="off"
          placeholder="What it does or is about, such as “create ticket”"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <p className="about" role="status">
        {found.length === 0 ? "" : `${found.length} ${found.length === 1 ? noun : `${noun}s`}`}
      </p>
      <ComponentProblems />
      {all.isPending && <Waiting>Loading the {noun}s…</Waiting>}
      {all.error && (
        <Notice
          kind="error"
          title={`The ${noun}s could not be loaded`}
          actions={<Button onClick={() => void all.refetch()}>Try again</Button>}
        >
          {all.error.message}
        </Notice>
      )}
      {all.isSuccess && found.length === 0 && (
        <Empty
          title={words ? `No ${noun} matches “${words}”` : `There are no ${noun}s`}
          actions={words ? <Button onClick={() => setTyped("")}>Show all</Button> : undefined}
        >
          {words
            ? "Try another word, or fewer of them."
            : "The host found no built components. Run npm run build, then start the host again."}
        </Empty>
      )}
      {words === "" ? (
        bySubject(found).map(({ subject, members }) => (
          <section key={subject} aria-label={subject} className="stack tight">
            <h2>{subject}</h2>
            <Cards components={members} linkParts={linkParts} />
          </section>
        ))
      ) : (
        <Cards components={found} linkParts={linkParts} />
      )}
    </div>
  );
}

function Cards({ components, linkParts }: { components: Component[]; linkParts: string[] }) {
  return (
    <ul className="cards tight">
      {components.map((component) => (
        <li key={component.key}>
          <a className="card link" href={linkTo(...linkParts, component.key)}>
            <span className="card-title">{component.name}</span>
            <span className="about clip">{plainText(component.description)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
