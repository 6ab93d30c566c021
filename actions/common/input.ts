export * from "../../apps/servicenow/input";
export * from "../../apps/servicenow/utc-time";
