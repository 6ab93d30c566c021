/**
 * The registry's own ServiceNow actions, as they were read: key, version, props (an asterisk marks a required one) and what ours does better.
 * A test compares the props with ours, so that a workflow moves over by changing nothing but the component.
 */
export interface RegistryKey {
  key: string;
  version: string;
  props: string;
  mended: string[];
}

const RESPONSE = "responseDataFormat excludeReferenceLinks responseFields";

export const REGISTRY_KEYS: readonly RegistryKey[] = [
  {
    key: "create-table-record",
    version: "1.0.0",
    props: `table* recordData* ${RESPONSE} inputDisplayValue responseView`,
    mended: [
      "the summary names the record by its number, its name or its sys_id",
      "fields of the table as props, with choices, references and mandatory marks",
      "data that is a list, a number or empty is refused before the call, without repeating it in the error",
      "an optional correlation id makes the step safe to repeat",
    ],
  },
  {
    key: "update-table-record",
    version: "1.0.0",
    props:
      "table* recordId* updateFields* replaceRecord responseDataFormat responseFields inputDisplayValue responseView queryNoDomain",
    mended: [
      "records are found by number, name or description instead of typed ids",
      "an empty update is refused",
      "says truthfully what replacing does: fields that are not sent stay as they are",
      "fields the instance did not take over are named",
    ],
  },
  {
    key: "delete-table-record",
    version: "0.0.4",
    props: "table* recordId* queryNoDomain",
    mended: [
      "records are chosen by number and description, not by hash",
      "the summary names the record that was deleted",
    ],
  },
  {
    key: "get-table-record-by-id",
    version: "1.0.2",
    props: `table* recordId* ${RESPONSE} responseView queryNoDomain`,
    mended: [
      "a missing record is an error that says so, never a success with nothing in it",
      "the summary names the record",
    ],
  },
  {
    key: "get-table-records",
    version: "1.0.2",
    props: `table* query filterCreatedAtDate filterUpdatedAtDate filterActive ${RESPONSE} limit responseView queryNoDomain`,
    mended: [
      "query and filters hold together, where the query silently won",
      "a small table can be listed without inventing a filter",
      "rows are read in pages with a stable order, not in one response of 10,000",
      "the order is stable, and the summary says when there are more",
      "dates are checked and read as UTC, and 'after' means from that moment on, as the prop says",
      "a filter on a column that does not exist is refused, where ServiceNow answers with every row",
    ],
  },
  {
    key: "search-records-by-keyword",
    version: "0.0.6",
    props: "table* keyword* exactMatch limit responseDataFormat",
    mended: [
      "searches the text index, and columns that the table has; never answers with the whole table",
      "one rule for `^` in a value",
    ],
  },
  {
    key: "get-record-counts-by-field",
    version: "0.0.3",
    props:
      "table* groupByField* count query avgFields minFields maxFields sumFields havingQuery responseDataFormat orderBy",
    mended: [
      "counts without an average, minimum, maximum or sum",
      "conditions on groups and the order are given in the forms that ServiceNow documents, and checked",
      "the summary counts groups as groups, not as records",
    ],
  },
  {
    key: "list-tables",
    version: "0.0.1",
    props: "query filterCreatedAtDate filterUpdatedAtDate filterActive limit",
    mended: [
      "reads names and labels in pages instead of whole rows of all tables",
      "asks for access a few tables at a time, and only for those it returns",
      'a busy instance is an error, not "no access"',
      "the filter on active tables, a column that the table of tables does not have, is refused with a reason",
    ],
  },
  {
    key: "get-current-user",
    version: "0.0.2",
    props: "",
    mended: ["uses the documented Table API only", "reference fields come as values with their labels"],
  },
  {
    key: "find-users",
    version: "0.0.2",
    props: "searchField searchValue* limit",
    mended: [
      "returns the columns that identify a person instead of all personal data; `responseFields` gives others",
      "finds by user name and employee number too, in a stable order",
    ],
  },
  {
    key: "get-incident",
    version: "0.1.0",
    props: "incidentNumber* callerId",
    mended: [
      "labels stand beside the raw codes",
      "a caller is found by name or e-mail too",
      "a few dozen telling columns instead of the whole row; `responseFields` gives others",
    ],
  },
  {
    key: "search-configuration-items",
    version: "0.1.0",
    props: "searchValue sysClassName assignedTo limit",
    mended: [
      "a class includes its subclasses",
      "several words and serial numbers, IP addresses and FQDNs are searched",
      "the columns that tell an item instead of the whole row; `responseFields` gives others",
    ],
  },
  {
    key: "search-catalog-items",
    version: "0.0.2",
    props: "query catalogSysId categorySysId limit offset itemType",
    mended: ["reads further pages by itself up to the limit", "says when there are more"],
  },
  {
    key: "get-catalog-item-variables",
    version: "0.0.7",
    props: "catalogItemSysId*",
    mended: [
      "uses the documented path",
      "never sends the item's own scripts as a query",
      "an item may be given by name",
    ],
  },
  {
    key: "get-catalog-ui-policies",
    version: "0.1.0",
    props: "catalogItemSysId* limit",
    mended: ["ids are sent in portions that fit a URL", "policies of the item's variable sets are included"],
  },
  {
    key: "get-question-choices",
    version: "0.1.0",
    props: "variableSysId* limit",
    mended: ["returns text, value and order instead of whole rows, in the order of the form"],
  },
  {
    key: "add-item-to-cart",
    version: "0.0.2",
    props: "catalogItemSysId* quantity variables requestedFor",
    mended: [
      "mandatory variables are checked first, by name",
      "is never repeated blindly",
      "the person is found by name or e-mail too",
    ],
  },
  {
    key: "view-cart",
    version: "0.0.1",
    props: "",
    mended: ["counts the lines of every group of the cart, where the summary always said 0"],
  },
  { key: "delete-cart-item", version: "0.0.1", props: "cartItemId*", mended: ["lines are offered by name"] },
  {
    key: "empty-cart",
    version: "0.0.2",
    props: "",
    mended: ["an account without a cart is told so, where `/cart/undefined/empty` was called"],
  },
  {
    key: "checkout-cart",
    version: "0.0.1",
    props: "",
    mended: ["says that nothing was ordered yet where the instance asks for a second step"],
  },
  {
    key: "submit-cart-order",
    version: "0.0.2",
    props: "",
    mended: ["an empty cart is refused", "the summary names the request"],
  },
  {
    key: "order-catalog-item",
    version: "0.0.1",
    props: "sysId* quantity variables",
    mended: [
      "can order for another person",
      "mandatory variables are checked first",
      "is never repeated blindly",
    ],
  },
  {
    key: "submit-record-producer",
    version: "0.0.1",
    props: "sysId* variables*",
    mended: ["mandatory variables are checked first", "the summary names the record that was created"],
  },
  {
    key: "submit-order-guide",
    version: "0.1.0",
    props: "catalogItemSysId* variables",
    mended: ["says that nothing was ordered, and what to do next"],
  },
  {
    key: "checkout-order-guide",
    version: "0.1.0",
    props: "catalogItemSysId* items*",
    mended: ["a deliberately blank variable is allowed with an explicit empty text"],
  },
  {
    key: "check-order-status",
    version: "0.0.2",
    props: "requestNumber* requestedFor",
    mended: [
      "the state is a label",
      "an unknown number is said so",
      "telling columns instead of the whole row; `responseFields` gives others",
    ],
  },
  {
    key: "get-requested-items",
    version: "0.1.0",
    props: "requestNumber requestSysId ritmNumber limit",
    mended: [
      "stable order and a useful set of columns, where `responseFields` gives others",
      "the variables of the items can be included",
    ],
  },
  {
    key: "search-knowledge-base",
    version: "0.1.4",
    props: "query* knowledgeBaseIds limit fields",
    mended: ["language and paging", "a missing knowledge plugin is named as the cause"],
  },
  {
    key: "get-article",
    version: "0.0.5",
    props: "articleId* fields",
    mended: [
      "takes the composite id of a search result as it is",
      "the body can be shortened or had as text",
    ],
  },
  {
    key: "get-article-attachment",
    version: "0.0.1",
    props: "articleSysId* attachmentSysId* fileName syncDir",
    mended: ["the file name comes from the instance and is made safe", "the file is streamed to disk"],
  },
  {
    key: "list-knowledge-bases",
    version: "0.0.6",
    props: "activeOnly limit",
    mended: ["stable order, and says when there are more"],
  },
];
