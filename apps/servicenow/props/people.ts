import { ACTIVE, recordsOf, type Definitions } from "./shared";

/** What people and groups are made of. */
export const people = {
  userName: {
    type: "string",
    label: "User Name",
    description: "What the person signs in with, such as `beth.anglin`.",
    optional: true,
  },
  firstName: {
    type: "string",
    label: "First Name",
    description: "The first name, such as `Beth`.",
    optional: true,
  },
  lastName: {
    type: "string",
    label: "Last Name",
    description: "The last name, such as `Anglin`.",
    optional: true,
  },
  email: {
    type: "string",
    label: "Email",
    description: "The e-mail address, such as `beth.anglin@example.com`.",
    optional: true,
  },
  jobTitle: {
    type: "string",
    label: "Title",
    description: "The job title, such as `IT Technician`.",
    optional: true,
  },
  groupPurpose: {
    type: "string",
    label: "Description",
    description: "What the group is for.",
    optional: true,
  },
  manager: {
    type: "string",
    label: "Manager",
    description: "The manager: user name, e-mail, full name or `sys_id`, such as `beth.anglin`.",
    optional: true,
    useQuery: true,
    options: recordsOf("sys_user", { where: ACTIVE }),
  },
  groupEmail: {
    type: "string",
    label: "Group Email",
    description: "The group's own e-mail address, such as `service-desk@example.com`.",
    optional: true,
  },
} as const satisfies Definitions;
