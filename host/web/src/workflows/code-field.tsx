import { lazy, Suspense, type ComponentProps } from "react";
import { Waiting } from "../ui/waiting";

const CodeEditor = lazy(() => import("./code-editor"));

/** The editor of code, which is loaded when the first code is shown. */
export const CodeField = (props: ComponentProps<typeof CodeEditor>) => (
  <Suspense fallback={<Waiting>Loading the editor…</Waiting>}>
    <CodeEditor {...props} />
  </Suspense>
);
