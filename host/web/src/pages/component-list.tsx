import { useState } from "react";
import { useComponents } from "../api/components";
import type { Component } from "../api/types";
import { useDebounced } from "../ui/use-debounced";
import { linkTo } from "../router";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";

/** A list of components to choose from, found by words. */
export function ComponentList({
  kind,
  noun,
  linkParts,
}: {
  kind: "triggers" | "actions";
  noun: string;
  linkParts: string[];
}) {
  const [typed, setTyped] = useState("");
  const words = useDebounced(typed.trim(), 200);
  const found = useComponents(kind, words);
  const components = found.data?.pages.flatMap((page) => page.data) ?? [];
  const total = found.data?.pages[0]?.page_info?.total_count;
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
          placeholder="A word of the name or the description"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <p className="about" role="status">
        {found.isPending
          ? ""
          : components.length === 0
            ? ""
            : `${total ?? components.length} ${(total ?? components.length) === 1 ? noun : `${noun}s`}`}
      </p>
      {found.isPending && <Waiting>Loading the {noun}s…</Waiting>}
      {found.error && (
        <Notice
          kind="error"
          title={`The ${noun}s could not be loaded`}
          actions={<Button onClick={() => void found.refetch()}>Try again</Button>}
        >
          {found.error.message}
        </Notice>
      )}
      {found.isSuccess && components.length === 0 && (
        <Empty
          title={words ? `No ${noun} matches “${words}”` : `There are no ${noun}s`}
          actions={words ? <Button onClick={() => setTyped("")}>Show all</Button> : undefined}
        >
          {words
            ? "Try another word, or fewer of them."
            : "The host found no built components. Run npm run build, then start the host again."}
        </Empty>
      )}
      <ul className="cards tight">
        {components.map((component) => (
          <li key={component.key}>
            <a className="card link" href={linkTo(...linkParts, component.key)}>
              <span className="card-title">{component.name}</span>
              <span className="about clip">{plainWords(component)}</span>
            </a>
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <div className="row centre">
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

/** A description without its markup and its closing "See the documentation". */
export function plainWords({ description }: Pick<Component, "description">): string {
  return (description ?? "")
    .replace(/\[See the documentation\]\([^)]*\)\.?/gi, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`#]+(?=\S)|(?<=\S)[*`]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
