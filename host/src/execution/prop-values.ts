export {
  checkProps,
  describeProblems,
  isRecord,
  isUnset,
  unwrapLabelValue,
} from "../../../components/prop-rules";
