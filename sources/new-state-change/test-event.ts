export { default } from "../new-field-change/test-event";
