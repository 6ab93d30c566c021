import servicenow from "../../apps/servicenow.app";
import { textList } from "../../apps/servicenow/input";
import { defineSource } from "../../components";
import {
  columnNameChoices,
  detection,
  detectionOf,
  fields,
  format,
  leaveOutOwnChanges,
  query,
  timer,
} from "../common/props";
import { FieldChanges, type Watch } from "../common/field-change";
import { checked } from "../common/checks";
import { makeFilter } from "../common/filter";
import { asFormat } from "../common/payload";
import { requiredTable } from "../common/table";
import { startDate, startFrom } from "../common/start-from";
import type { CommonProps, SourceThis } from "../common/this";
import sampleEmit from "./test-event";

interface Props extends SourceThis, CommonProps {
  table: string;
  watchedFields: string[];
  fromValues?: string[] | undefined;
  toValues?: string[] | undefined;
  detection?: string | undefined;
}

const changesOf = (source: Props) => {
  const watch: Watch = {
    table: requiredTable(source.table),
    columns: textList(source.watchedFields),
    from: textList(source.fromValues),
    to: textList(source.toValues),
    filter: makeFilter(source.query),
    detection: detectionOf(source.detection),
    fields: textList(source.fields),
    format: asFormat(source.format),
  };
  return checked(source, watch, new FieldChanges(source, watch));
};

export default defineSource({
  key: "servicenow-new-field-change",
  name: "New Field Change",
  description:
    "Emit new event when one of the chosen fields of a record changes, optionally only from or to some values, with the old and the new value and their labels. A filter is held against the record as it is at the poll: with `active=true` the change that closes a record is not seen. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html)",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    servicenow,
    db: "$.service.db",
    timer,
    table: { propDefinition: [servicenow, "table"] },
    watchedFields: {
      type: "string[]",
      label: "Watched Fields",
      description: "The fields to watch, by column name, such as `state` or `assigned_to`.",
      useQuery: true,
      options: columnNameChoices,
    },
    fromValues: {
      type: "string[]",
      label: "From Values",
      description: "Only changes away from one of these stored values, such as `1`. Any if empty.",
      optional: true,
    },
    toValues: {
      type: "string[]",
      label: "To Values",
      description: "Only changes to one of these stored values, such as `6`. Any if empty.",
      optional: true,
    },
    detection,
    query,
    fields,
    format,
    startFrom,
    startDate,
    leaveOutOwnChanges,
  },
  hooks: {
    async deploy() {
      await changesOf(this).deploy();
    },
    async activate() {
      await changesOf(this).activate();
    },
  },
  async run() {
    await changesOf(this).run();
  },
  sampleEmit,
});
