/** A column as the dictionary data of the instance writes it. */
export interface RawColumn {
  element: string;
  label: string;
  type: string;
  max_length: number;
  reference?: string;
  default?: string;
  choice?: boolean;
  display?: boolean;
  mandatory?: boolean;
  read_only?: boolean;
  calculated?: boolean;
}

/** A table as the dictionary data of the instance writes it. */
export interface RawTable {
  label: string;
  plural: string | null;
  super: string | null;
  prefix?: string | null;
  display?: string | null;
  noUpdateColumns?: boolean;
  columns: RawColumn[];
}
