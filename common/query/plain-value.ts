import { usageError } from "../errors";

/** A value as it may stand in a condition. @throws ServiceNowError `usage` for one that the instance would run as a script */
export function assertPlainValue(column: string, value: string): string {
  if (/^\s*javascript:/i.test(value)) {
    throw usageError(
      `The value for ${column} begins with "javascript:", which the instance would run`,
      "Leave that out; a program that means it uses script()",
    );
  }
  return value;
}
