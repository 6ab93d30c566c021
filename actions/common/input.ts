export * from "../../apps/servicenow/input";
