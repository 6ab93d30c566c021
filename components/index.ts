export * from "./app";
export * from "./component";
export * from "./connection";
export * from "./define";
export type * from "./filter";
export * from "./options";
export * from "./prop-values";
export * from "./props";
export type * from "./services";
