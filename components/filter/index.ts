/** Filters that a form builds: what an app tells of them, and how rows become the app's text and back. */
export * from "./codec";
export * from "./syntax";
