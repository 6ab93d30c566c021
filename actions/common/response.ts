import type { DisplayValue } from "../../common";
import { textList, wrongInput } from "./input";

/** The props about the shape of the answer, as the actions of the Table API share them. */
export interface ResponseProps {
  responseDataFormat?: string | undefined;
  excludeReferenceLinks?: boolean | undefined;
  responseFields?: string[] | undefined;
  responseView?: string | undefined;
  queryNoDomain?: boolean | undefined;
}

const FORMATS: readonly string[] = ["true", "false", "all"];

/** What the client takes instead of those props. Reference links are there unless excluded, as ServiceNow has it. */
export function readOptions(props: ResponseProps) {
  const format = props.responseDataFormat || "false";
  if (!FORMATS.includes(format)) throw wrongInput('Response Data Format must be "true", "false" or "all".');
  const fields = textList(props.responseFields);
  return {
    displayValue: format as DisplayValue,
    referenceLinks: !props.excludeReferenceLinks,
    ...(fields.length > 0 ? { fields } : {}),
    ...(props.responseView ? { view: props.responseView } : {}),
    ...(props.queryNoDomain ? { noDomain: true } : {}),
  };
}
