import change from "../new-field-change/test-event";

export default {
  ...change,
  field: "assignment_group",
  old_value: "",
  new_value: "d625dccec0a8016700a222a0f7900d06",
  old_label: "",
  new_label: "Service Desk",
};
