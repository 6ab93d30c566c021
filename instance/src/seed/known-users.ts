/** A user that tests and people sign in as; the password is the user name. */
interface Known {
  userName: string;
  first: string;
  last: string;
  roles: string[];
  zone?: string;
  id?: string;
  webServiceOnly?: boolean;
  dateFormat?: string;
  timeFormat?: string;
}

/** Users with fixed roles and zones. */
export const knownUsers: Known[] = [
  {
    userName: "itil",
    first: "ITIL",
    last: "User",
    roles: ["itil", "snc_internal"],
    zone: "UTC",
    id: "681b365ec0a80164000fb0b05854a0cd",
  },
  {
    userName: "employee",
    first: "Joe",
    last: "Employee",
    roles: ["snc_internal"],
    zone: "UTC",
    id: "681ccaf9c0a8016400b98a06818d57c7",
  },
  { userName: "norole", first: "Nora", last: "Role", roles: [], zone: "UTC" },
  {
    userName: "reader",
    first: "Reid",
    last: "Reader",
    roles: ["sn_incident_read", "snc_internal"],
    zone: "UTC",
  },
  {
    userName: "sydney",
    first: "Sydney",
    last: "Agent",
    roles: ["itil", "snc_internal"],
    zone: "Australia/Sydney",
    dateFormat: "dd/MM/yyyy",
    timeFormat: "hh:mm:ss a",
  },
  {
    userName: "newyork",
    first: "Nicole",
    last: "York",
    roles: ["itil", "snc_internal"],
    zone: "America/New_York",
  },
  {
    userName: "integration",
    first: "Integration",
    last: "Account",
    roles: [
      "itil",
      "snc_internal",
      "snc_basic_auth_api_access",
      "snc_platform_rest_api_access",
      "import_transformer",
      "evt_mgmt_integration",
    ],
    zone: "UTC",
    webServiceOnly: true,
  },
  {
    userName: "case.agent",
    first: "Casey",
    last: "Agent",
    roles: ["sn_customerservice_agent", "snc_internal"],
    zone: "UTC",
  },
  {
    userName: "change.manager",
    first: "Charlie",
    last: "Change",
    roles: ["change_manager", "itil", "snc_internal"],
    zone: "UTC",
  },
  { userName: "external", first: "Extra", last: "External", roles: ["snc_external"], zone: "UTC" },
  {
    userName: "abel.tuter",
    first: "Abel",
    last: "Tuter",
    roles: ["snc_internal"],
    id: "62826bf03710200044e0bfc8bcbe5df1",
  },
  {
    userName: "david.loo",
    first: "David",
    last: "Loo",
    roles: ["itil", "snc_internal"],
    id: "5137153cc611227c000bbd1bd8cd2007",
  },
  {
    userName: "beth.anglin",
    first: "Beth",
    last: "Anglin",
    roles: ["itil", "snc_internal"],
    id: "46d44a23a9fe19810012d100cca80666",
    zone: "America/New_York",
  },
  {
    userName: "don.goodliffe",
    first: "Don",
    last: "Goodliffe",
    roles: ["itil", "snc_internal"],
    id: "9ee1b13dc6112271007f9d0efdb69cd0",
  },
  {
    userName: "bow.ruggeri",
    first: "Bow",
    last: "Ruggeri",
    roles: ["itil", "approver_user", "snc_internal"],
    id: "f298d2d2c611227b0106c6be7f154bc8",
  },
  {
    userName: "survey.user",
    first: "survey",
    last: "user",
    roles: [],
    id: "005d500b536073005e0addeeff7b12f4",
  },
  {
    userName: "ron.kettering",
    first: "Ron",
    last: "Kettering",
    roles: ["snc_internal"],
    id: "62d78687c0a8010e00b3d84178adc913",
  },
];
