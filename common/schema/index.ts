export { choicesOf, type Choice, type ChoiceOptions, type Choices, type ChoiceSource } from "./choices";
export { columnsOfTable, type Column, type ColumnOptions, type Columns, type ColumnSource } from "./columns";
export { stateModel, type State, type StateModel } from "../apis/task/state-model";
export { hierarchy, listTables, readableTables, type TableFacts } from "./tables";
