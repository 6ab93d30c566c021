import { plainText } from "../../host/web/src/search/plain-text";
import { ranked } from "../../host/web/src/search/rank";
import { bySubject } from "../../host/web/src/search/subjects";

const named = (name: string, description = "") => ({
  key: name.toLowerCase().replace(/\W+/g, "-"),
  name,
  description,
});
const components = [
  named(
    "Bulk Create Records",
    "Creates incidents, or records of any table. [See the documentation](https://example.com/http)",
  ),
  named("Close Incident", "Closes an incident that was created."),
  named("Create Incident", "Creates one."),
  named("Create Incident Task"),
  named("Create User", "A new person in `sys_user`."),
  named("Add Group Member", "Puts a person into a group."),
  named("Send API Request", "Sends any HTTP request."),
  named("Upload Attachment"),
];
const names = (typed: string) => ranked(components, typed).map(({ name }) => name);

describe("the search among components", () => {
  test("puts the component of that very name first", () =>
    expect(names("create incident").slice(0, 2)).toEqual(["Create Incident", "Create Incident Task"]));
  test("takes words in any order and half typed", () =>
    expect(names("inci creat")[0]).toBe("Create Incident"));
  test("knows other words for the same thing", () => {
    expect(names("create ticket")[0]).toBe("Create Incident");
    expect(names("webhook")).toEqual(["Send API Request"]);
    expect(names("onboard")).toEqual(["Create User", "Add Group Member"]);
    expect(names("file")).toEqual(["Upload Attachment"]);
  });
  test("does not look into addresses", () => expect(names("http")).toEqual(["Send API Request"]));
  test("finds nothing for words that fit nothing, and all in their order without words", () => {
    expect(names("create zebra")).toEqual([]);
    expect(names("  ")).toEqual(components.map(({ name }) => name));
  });
});

test("components are grouped by the word that most names share, what shares none last", () => {
  expect(bySubject(components).map(({ subject, members }) => [subject, members.length])).toEqual([
    ["Incident", 3],
    ["Other", 5],
  ]);
});

test("a description is plain text in which names of columns stay whole", () => {
  expect(
    plainText(
      "Finds **records** by `sys_id` or short_description, _quickly_. [See the documentation](https://x.y)",
    ),
  ).toBe("Finds records by sys_id or short_description, quickly.");
  expect(plainText("See [the guide](https://x.y/z) for *more*.")).toBe("See the guide for more.");
  expect(plainText(undefined)).toBe("");
});
