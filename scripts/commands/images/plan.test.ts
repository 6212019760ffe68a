import { resolve } from "node:path";
import { dev } from "../../../envs/dev";
import { repositoryUrl } from "../../../modules/image-repositories";
import { Label } from "../../../modules/internal/label";
import { imagesOf } from "./plan";
import { environmentOf } from "./project";

test("an image's address is that of the repository that is made for it", () => {
  const { project, name, account } = dev;
  const label = new Label({ project, environment: name, accountId: account.id, region: account.region });
  const services = ["catalog", "x".repeat(300)];
  const built = services.map((service) => ({ name: service, tag: "0123456789abcdef", folder: resolve(".") }));
  expect(imagesOf(environmentOf("envs/dev"), built, []).map(({ reference }) => reference)).toEqual(
    services.map((service) => `${repositoryUrl(label, service)}:0123456789abcdef`),
  );
});
