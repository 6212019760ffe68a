import { environments } from ".";
import type { EnvironmentInput } from "./spec";
import { errorsOf } from "./specification-fixture";

describe("environments together", () => {
  const dev = environments["dev"] as EnvironmentInput;
  /** Another environment like dev, with a range and a domain of its own. */
  const dev2 = {
    ...dev,
    name: "dev2",
    ci: { repository: "acme/platform", oidcProvider: "existing" as const },
    network: { ...(dev.network as NonNullable<EnvironmentInput["network"]>), cidr: "10.11.0.0/16" },
    microservices: {
      ...(dev.microservices as NonNullable<EnvironmentInput["microservices"]>),
      domain: { name: "dev2.example.com", hostedZoneId: "Z0111122223333DEV" },
    },
  };

  test("must not overlap, or they can never be peered", () => {
    const network = {
      ...(dev.network as NonNullable<EnvironmentInput["network"]>),
      cidr: "10.30.128.0/17",
    };
    expect(errorsOf({ prod: environments["prod"] as EnvironmentInput, dev: { ...dev, network } })).toEqual([
      "envs/dev: network.cidr must not overlap envs/prod (10.30.0.0/16), or the two can never be peered, got 10.30.128.0/17",
    ]);
  });

  test("manage API Gateway's account settings once", () => {
    expect(errorsOf({ dev, dev2 })).toEqual([
      'envs/dev2: account.apiGatewayLogging must be "existing": envs/dev manages it in the same account and region, got "managed"',
    ]);
  });

  test("manage GitHub's OIDC provider once", () => {
    const account = { ...dev.account, apiGatewayLogging: "existing" as const };
    const { ci } = dev;
    expect(errorsOf({ dev, dev2: { ...dev2, account, ci } as EnvironmentInput })).toEqual([
      'envs/dev2: ci.oidcProvider must be "existing": envs/dev manages it in the same account, got "managed"',
    ]);
  });

  test("can share account and region otherwise", () => {
    const account = { ...dev.account, apiGatewayLogging: "existing" as const };
    expect(errorsOf({ dev, dev2: { ...dev2, account } })).toEqual([]);
  });

  test("never share the domain of their services", () => {
    const account = { ...dev.account, apiGatewayLogging: "existing" as const };
    expect(
      errorsOf({ dev, dev2: { ...dev2, account, microservices: dev.microservices } as EnvironmentInput }),
    ).toEqual([
      'envs/dev2: microservices.domain.name must be apart from that of envs/dev, got "dev.example.com"',
    ]);
  });

  test("never share a domain name of downloads", () => {
    const { downloads } = environments["prod"] as EnvironmentInput;
    const { domain: _, ...ownDomainless } = downloads as NonNullable<EnvironmentInput["downloads"]>;
    const domain = {
      name: "downloads.example.com",
      certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1",
    };
    expect(
      errorsOf({
        prod: environments["prod"] as EnvironmentInput,
        dev: { ...dev, downloads: { ...ownDomainless, domain } },
      }),
    ).toEqual([
      'envs/dev: downloads.domain.name must be apart from that of envs/prod, got "downloads.example.com"',
    ]);
  });

  test("never share a place of state", () => {
    const state = { kind: "local", path: "one.tfstate" } as const;
    const { ci: _, ...handDeployed } = dev;
    expect(
      errorsOf({
        dev: { ...handDeployed, state },
        local: { ...(environments["local"] as EnvironmentInput), state },
      }),
    ).toEqual(['envs/local: state.path must be apart from that of envs/dev, got "one.tfstate"']);
  });
});
