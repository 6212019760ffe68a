import { resolve } from "node:path";
import { checkPackageName, pascalCase } from "./name";

const ROOT = resolve(__dirname, "../../..");
const FORM =
  "a name must be 1 to 30 lower-case letters, digits and single hyphens, starting with a letter; choose another name";

test("a name becomes that of a class", () => {
  expect(pascalCase("mail-queue2")).toBe("MailQueue2");
});

test("a name that is free is taken", () => {
  expect(() => checkPackageName(ROOT, "modules", "tried-module")).not.toThrow();
});

test.each([
  { name: "Mail", message: `modules/Mail: ${FORM}` },
  { name: "mail--queue", message: `modules/mail--queue: ${FORM}` },
  { name: "../mail", message: `modules/../mail: ${FORM}` },
  { name: "a".repeat(31), message: `modules/${"a".repeat(31)}: ${FORM}` },
  {
    name: "map",
    message: "modules/map: its class would be Map, which is another's name; choose another name",
  },
  {
    name: "label",
    message: "modules/label: its class would be Label, which is another's name; choose another name",
  },
  { name: "internal", message: "modules/internal: is there already; choose another name" },
  { name: "alarm-topic", message: "modules/alarm-topic: is there already; choose another name" },
])("$name is refused", ({ name, message }) => {
  expect(() => checkPackageName(ROOT, "modules", name)).toThrow(message);
});
