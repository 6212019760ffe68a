import { config, synthEc2 } from "./fixture";

const template = (...args: Parameters<typeof synthEc2>) => synthEc2(...args).one("aws_launch_template");

describe("template", () => {
  test.each([
    { architecture: "arm64" as const, types: ["m7g.large"], path: "amazon-linux-2023/arm64/recommended" },
    { architecture: "x86_64" as const, types: ["m7i.large"], path: "amazon-linux-2023/recommended" },
  ])(
    "instances of $architecture start from the image that is current then",
    ({ architecture, types, path }) => {
      expect(template({ architecture, instanceTypes: types })).toMatchObject({
        image_id: `resolve:ssm:/aws/service/ecs/optimized-ami/${path}/image_id`,
        instance_type: types[0],
      });
    },
  );

  test("an image is taken as configured", () => {
    expect(template({ imageId: "ami-1" })["image_id"]).toBe("ami-1");
  });

  test("metadata needs a token, and is out of reach for tasks", () => {
    expect(template()["metadata_options"]).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
    expect(userData()).toContain("ECS_AWSVPC_BLOCK_IMDS=true");
  });

  test("disks are encrypted, with a key of one's own where configured", () => {
    const [disk] = template()["block_device_mappings"];
    expect(disk).toEqual({
      device_name: "/dev/xvda",
      ebs: { volume_type: "gp3", volume_size: 30, encrypted: "true", delete_on_termination: "true" },
    });
    const [own] = template({ volumeKmsKeyArn: config.kmsKeyArn, rootVolumeGigabytes: 50 })[
      "block_device_mappings"
    ];
    expect(own["ebs"]).toMatchObject({ kms_key_id: config.kmsKeyArn, volume_size: 50 });
  });

  test("instances have no public address", () => {
    expect(template()["network_interfaces"]).toMatchObject([{ associate_public_ip_address: "false" }]);
  });

  test("control 43: instances and disks have the provider's tags", () => {
    expect(template()["tag_specifications"]).toEqual(
      ["instance", "volume"].map((resource_type) => ({
        resource_type,
        tags: expect.stringMatching(
          /^\$\{merge\(data\.aws_default_tags\..+\.tags, \{"Name" = "acme-test-services-ecs"\}\)\}$/,
        ),
      })),
    );
  });

  test("the agent joins the cluster and gives way before spot capacity is taken", () => {
    expect(userData()).toBe(
      [
        "#!/bin/bash",
        "cat >> /etc/ecs/ecs.config <<'EOF'",
        "ECS_CLUSTER=acme-test-services",
        "ECS_AWSVPC_BLOCK_IMDS=true",
        "ECS_DISABLE_PRIVILEGED=true",
        "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
        "ECS_IMAGE_PULL_BEHAVIOR=once",
        "EOF",
        "",
      ].join("\n"),
    );
  });

  function userData() {
    return Buffer.from(template()["user_data"], "base64").toString();
  }
});

test("control 37: instances let nobody in and reach HTTPS alone, where configured", () => {
  const result = synthEc2({ httpsPrefixListIds: ["pl-s3"] });
  const https = {
    security_group_id: expect.stringMatching(/^\$\{aws_security_group\..+\.id\}$/),
    ip_protocol: "tcp",
    from_port: 443,
    to_port: 443,
    description: "ECS, images and logs",
  };
  expect(result.types).not.toContain("aws_vpc_security_group_ingress_rule");
  expect(result.all("aws_vpc_security_group_egress_rule")).toEqual([
    { ...https, cidr_ipv4: "10.0.0.0/16" },
    { ...https, prefix_list_id: "pl-s3" },
  ]);
});
