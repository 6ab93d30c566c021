import addGroupMember from "../../../actions/add-group-member/add-group-member";
import createGroup from "../../../actions/create-group/create-group";
import createUser from "../../../actions/create-user/create-user";
import deactivateUser from "../../../actions/deactivate-user/deactivate-user";
import findGroups from "../../../actions/find-groups/find-groups";
import findUsers from "../../../actions/find-users/find-users";
import getCurrentUser from "../../../actions/get-current-user/get-current-user";
import listGroupMembers from "../../../actions/list-group-members/list-group-members";
import listUserRoles from "../../../actions/list-user-roles/list-user-roles";
import removeGroupMember from "../../../actions/remove-group-member/remove-group-member";
import updateGroup from "../../../actions/update-group/update-group";
import updateUser from "../../../actions/update-user/update-user";
import { NOT_THERE, SIGN_IN_OVER, type ActionCase } from "../../helpers/action-cases";

const noUser = /no user has "nobody.here"/;
const noGroup = /no group has "No Group"/;
const PAIR = { group: "Network", user: "employee" };

export const cases: ActionCase[] = [
  {
    action: findUsers,
    works: { searchField: "user_name", searchValue: "itil" },
    says: /^Found 1 user matching "itil"$/,
    fails: [
      [{ searchField: "user_password", searchValue: "x" }, /Search Field must be/],
      [{ searchValue: "a^b" }, /\^/],
      [{ searchValue: "" }, /Search Value is missing/],
    ],
  },
  {
    action: getCurrentUser,
    works: {},
    says: /^Retrieved user System Administrator$/,
    fails: [SIGN_IN_OVER, NOT_THERE],
  },
  {
    action: createUser,
    works: { userName: "ada.case", firstName: "Ada", lastName: "Case", email: "ada.case@example.com" },
    says: /^Created user ada\.case$/,
    fails: [
      [{ userName: "itil" }, /"itil" belongs to a user already.*Update User/],
      [{ userName: " " }, /User Name is missing/],
      [{ userName: "new.one" }, /right|role|access|ACL|security/i, "employee"],
    ],
  },
  {
    action: updateUser,
    works: { user: "ada.case", title: "Analyst" },
    says: /^Updated user /,
    fails: [
      [{ user: "ada.case" }, /nothing to change/],
      [{ user: "nobody.here", title: "x" }, noUser],
    ],
  },
  {
    action: deactivateUser,
    works: { user: "ada.case" },
    says: /^Deactivated user /,
    fails: [
      [{ user: "nobody.here" }, noUser],
      [{ user: "" }, /User is missing/],
    ],
  },
  {
    action: listUserRoles,
    works: { user: "itil" },
    says: /^User itil has \d+ roles$/,
    fails: [
      [{ user: "nobody.here" }, noUser],
      [{ user: "a^b" }, /\^/],
    ],
  },
  {
    action: findGroups,
    works: { name: "Service" },
    says: /^Retrieved \d+ groups?/,
    fails: [
      [{ name: "a^b" }, /\^/],
      [{ name: "x", maximum: 0 }, /max/i],
    ],
  },
  {
    action: createGroup,
    works: { name: "Case Group", manager: "itil" },
    says: /^Created group Case Group$/,
    fails: [
      [{ name: "Network" }, /"Network" belongs to a group already.*Update Group/],
      [{ name: "" }, /Name is missing/],
      [{ name: "x", manager: "nobody.here" }, /Manager: no user/],
    ],
  },
  {
    action: updateGroup,
    works: { group: "Case Group", description: "At night" },
    says: /^Updated group Case Group$/,
    fails: [
      [{ group: "Network" }, /nothing to change/],
      [{ group: "No Group", description: "x" }, noGroup],
    ],
  },
  {
    action: addGroupMember,
    works: PAIR,
    says: /^Added employee to Network$/,
    fails: [
      [{ ...PAIR, group: "No Group" }, noGroup],
      [{ ...PAIR, user: "nobody.here" }, noUser],
    ],
  },
  {
    action: listGroupMembers,
    works: { group: "Network", maximum: 1 },
    says: /^Retrieved 1 member of group Network/,
    fails: [
      [{ group: "No Group" }, noGroup],
      [{ group: "" }, /Group is missing/],
    ],
  },
  {
    action: removeGroupMember,
    works: PAIR,
    says: /^Removed employee from Network$/,
    fails: [
      [{ ...PAIR, group: "No Group" }, noGroup],
      [{ ...PAIR, user: "nobody.here" }, noUser],
    ],
  },
];
