export { default } from "../new-or-updated-record/test-event";
