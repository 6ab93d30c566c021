export { default } from "../new-record/test-event";
