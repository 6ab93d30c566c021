import { redactor, secretsOf } from "../../host/src/execution/redact";

test("an ordinary long word after the word bearer stays, a token goes", () => {
  const mask = redactor([]);
  const harmless = '{"text":"bearer authentication_failed_for_user"}';
  expect(mask(harmless)).toBe(harmless);
  expect(mask("sent Bearer abcdef0123456789abcdef there")).toBe("sent Bearer ******** there");
  expect(mask('"authorization":"Bearer abcdefghijklmnopqrstuvwxyz"')).toBe(
    '"authorization":"Bearer ********"',
  );
});

test("an address with a password in it is a secret, whatever its field is called", () => {
  expect(
    secretsOf({
      dsn: "postgres://ann:hush@db.example/x",
      link: "https://example.com/in?token=abcdef",
      host: "https://example.com",
    }),
  ).toEqual(["postgres://ann:hush@db.example/x", "https://example.com/in?token=abcdef"]);
});
