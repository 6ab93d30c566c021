export { cmdbMeta, type CmdbAttribute, type CmdbClass } from "./cmdb-meta";
export { choicesOf, type Choice, type ChoiceOptions, type Choices, type ChoiceSource } from "./choices";
export { columnsOfTable, type Column, type ColumnOptions, type Columns, type ColumnSource } from "./columns";
export { hierarchy, listTables, readableTables, type TableFacts } from "./tables";
export { assertTableQuery, columnTypes } from "./table-query";
export { describeColumns, type DescribedColumns } from "./describe-columns";
