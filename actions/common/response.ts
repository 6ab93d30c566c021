import { isTrue, oneOf, optionalText, textList } from "./input";
import { FORMATS } from "./results";

/** The props about the shape of the answer, as the actions of the Table API share them. */
export interface ResponseProps {
  responseDataFormat?: string | undefined;
  excludeReferenceLinks?: boolean | undefined;
  responseFields?: string[] | undefined;
  responseView?: string | undefined;
  queryNoDomain?: boolean | undefined;
}

/** What the client takes instead of those props. Reference links are there unless excluded, as ServiceNow has it. */
export function readOptions(props: ResponseProps) {
  const fields = textList(props.responseFields);
  const view = optionalText(props.responseView, "Response View");
  return {
    displayValue: oneOf(props.responseDataFormat, FORMATS, "Response Data Format"),
    referenceLinks: !isTrue(props.excludeReferenceLinks),
    ...(fields.length > 0 ? { fields } : {}),
    ...(view ? { view } : {}),
    ...(isTrue(props.queryNoDomain) ? { noDomain: true } : {}),
  };
}
