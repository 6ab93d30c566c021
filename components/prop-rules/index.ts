/** Which values a prop takes: one set of rules for the page, the host and the processes that run components. */
export * from "./check";
export * from "./description";
export * from "./label-value";
export * from "./read";
export * from "./schedule";
export * from "./text";
