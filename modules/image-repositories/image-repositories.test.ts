import { TerraformOutput } from "cdktf";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { ImageRepositories, type ImageRepositoriesConfig, repositoryName, repositoryUrl } from ".";

const config: ImageRepositoriesConfig = {
  label: testLabel,
  names: ["catalog", "orders"],
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/images",
  deletionProtection: true,
};

function synth(changes: Partial<ImageRepositoriesConfig> = {}) {
  let repositories: ImageRepositories | undefined;
  const result = synthesise((stack) => {
    repositories = new ImageRepositories(stack, "images", { ...config, ...changes });
  });
  return { ...result, repositories: repositories as ImageRepositories };
}

/** What Terraform is told of a value. */
function output(of: (repositories: ImageRepositories) => unknown): unknown {
  const { json } = synthesise((stack) => {
    new TerraformOutput(stack, "value", { value: of(new ImageRepositories(stack, "images", config)) });
  });
  return json["output"]["value"]["value"];
}

const { repositories, ...result } = synth();

test("each service has a repository, named as other stacks can tell", () => {
  expect(result.all("aws_ecr_repository").map(({ name }) => name)).toEqual([
    "acme-test-catalog",
    "acme-test-orders",
  ]);
  expect(repositoryName(testLabel, "catalog")).toBe("acme-test-catalog");
  expect(repositoryUrl(testLabel, "catalog")).toBe(
    "111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme-test-catalog",
  );
});

test("the address of a repository is that of the deployed one", () => {
  expect(output((images) => images.repositoryUrl("orders"))).toMatch(
    /^\$\{aws_ecr_repository\.images_orders_\w+\.repository_url\}$/,
  );
});

describe.each(["catalog", "orders"])("repository %s", (name) => {
  const repository = () => result.one("aws_ecr_repository", `images_${name}_`);

  test("control 40: a tag never comes to mean another image", () => {
    expect(repository()["image_tag_mutability"]).toBe("IMMUTABLE");
  });

  test("control 40: every image that is pushed is scanned", () => {
    expect(repository()["image_scanning_configuration"]).toEqual({ scan_on_push: true });
  });

  test("control 40: images are encrypted with the customer's key", () => {
    expect(repository()["encryption_configuration"]).toEqual([
      { encryption_type: "KMS", kms_key: config.kmsKeyArn },
    ]);
  });

  test("no other account reads or writes it, whoever lets it", () => {
    const { policy } = result.one("aws_ecr_repository_policy", `${name}-policy`);
    expect(JSON.parse(policy)["Statement"]).toEqual([
      {
        Sid: "DenyOtherAccounts",
        Effect: "Deny",
        Principal: "*",
        Action: "ecr:*",
        Condition: {
          StringNotEquals: { "aws:PrincipalAccount": "111111111111" },
          Bool: { "aws:PrincipalIsAWSService": "false" },
        },
      },
    ]);
  });
});

describe("images that go", () => {
  const rules = (changes: Partial<ImageRepositoriesConfig> = {}): Resource[] =>
    JSON.parse(synth(changes).one("aws_ecr_lifecycle_policy", "catalog")["policy"])["rules"];

  test.each([
    { name: "unless said otherwise, those without a tag after 7 days", changes: {}, days: 7 },
    { name: "those without a tag after the days asked for", changes: { untaggedDays: 1 }, days: 1 },
  ])("$name", ({ changes, days }) => {
    expect(rules(changes)[0]).toMatchObject({
      rulePriority: 1,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: days,
      },
      action: { type: "expire" },
    });
  });

  test.each([
    { name: "unless said otherwise, all but the last 30", changes: {}, kept: 30 },
    { name: "all but as many as asked for", changes: { keptImages: 100 }, kept: 100 },
  ])("$name", ({ changes, kept }) => {
    expect(rules(changes)[1]).toMatchObject({
      // The rule for any image must have the highest number, as ECR goes by them in turn.
      rulePriority: 2,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: kept },
      action: { type: "expire" },
    });
  });
});

test.each([
  { protection: true, forceDelete: false },
  { protection: false, forceDelete: true },
])(
  "with deletionProtection $protection, a repository with images is destroyed: $forceDelete",
  ({ protection, forceDelete }) => {
    expect(synth({ deletionProtection: protection }).one("aws_ecr_repository", "catalog")).toMatchObject({
      force_delete: forceDelete,
      lifecycle: { prevent_destroy: protection },
    });
  },
);

describe("grants", () => {
  const granted = (kind: "pushStatements" | "pullStatements", ...names: string[]) =>
    output((images) => images[kind](...names));
  const arn = (name: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{aws_ecr_repository\\.images_${name}_\\w+\\.arn\\}$`));
  const logIn = { sid: "LogInToRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] };

  test("control 21: who pushes adds images to these repositories, and neither removes nor replaces one", () => {
    expect(granted("pushStatements")).toEqual([
      logIn,
      {
        sid: "PushImages",
        actions: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ],
        resources: [arn("catalog"), arn("orders")],
      },
    ]);
  });

  test("control 21: who pulls reads the images of the services named", () => {
    expect(granted("pullStatements", "orders")).toEqual([
      logIn,
      {
        sid: "PullImages",
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: [arn("orders")],
      },
    ]);
  });
});

test("a repository that is not there is named, with those that are", () => {
  const message = 'names: no repository "updates"; there are catalog, orders';
  expect(() => repositories.repositoryUrl("updates")).toThrow(new Error(message));
  expect(() => repositories.pushStatements("updates")).toThrow(new Error(message));
});

test.each([
  {
    name: "a name in capitals",
    changes: { names: ["Catalog"] },
    message:
      'names[0] must be lower-case letters and digits, with single ., _ or - between them, got "Catalog"',
  },
  {
    name: "a name that comes twice",
    changes: { names: ["catalog", "catalog"] },
    message: 'names[1]: "catalog" comes twice; remove one',
  },
  {
    name: "to keep no image",
    changes: { keptImages: 0 },
    message: "keptImages must be a whole number of at least 1, got 0",
  },
  {
    name: "part of a day",
    changes: { untaggedDays: 0.5 },
    message: "untaggedDays must be a whole number of at least 1, got 0.5",
  },
])("$name is refused", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});
