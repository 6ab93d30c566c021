import { optionalSysId, optionOf, textList } from "../../apps/servicenow/input";
import { checked } from "./checks";
import { Comments, type CommentWatch } from "./comments";
import { makeFilter } from "./filter";
import { asFormat } from "./payload";
import { requiredTable } from "./table";
import type { CommonProps, SourceThis } from "./this";

interface CommentProps extends SourceThis, CommonProps {
  table: string;
  recordId?: string | undefined;
  kind?: string | undefined;
}

export const KINDS = [
  { label: "Comments and work notes", value: "both" },
  { label: "Comments", value: "comments" },
  { label: "Work notes", value: "work_notes" },
] as const;

const kindsOf = (given: string | undefined): string[] => {
  const kind = optionOf(given, KINDS, "Kind") ?? "both";
  return kind === "both" ? ["comments", "work_notes"] : [kind];
};

const commentsOf = (source: CommentProps) => {
  const watch: CommentWatch = {
    table: requiredTable(source.table),
    filter: makeFilter(source.query),
    recordId: optionalSysId(source.recordId, "Record ID"),
    kinds: kindsOf(source.kind),
    fields: textList(source.fields),
    format: asFormat(source.format),
  };
  return checked(source, watch, new Comments(source, watch));
};

/** Hooks and run of a source that emits comments and work notes. */
export const commentSource = {
  deploy: (source: CommentProps): Promise<void> => commentsOf(source).deploy(),
  activate: (source: CommentProps): Promise<void> => commentsOf(source).activate(),
  run: (source: CommentProps): Promise<void> => commentsOf(source).run(),
};
