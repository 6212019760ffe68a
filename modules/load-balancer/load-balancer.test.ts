import { config, internalConfig, plainConfig, synth } from "./fixture";

const lb = (...args: Parameters<typeof synth>) => synth(...args).one("aws_lb");

/** What the load balancer says of itself. */
function outputs(...[changes, base]: Parameters<typeof synth>) {
  let url = "";
  synth(changes, base, (loadBalancer) => {
    url = loadBalancer.url;
  });
  return { url };
}

describe("load balancer", () => {
  test("is public or internal, in the subnets given", () => {
    expect(lb()).toMatchObject({
      name: "acme-test-orders",
      load_balancer_type: "application",
      internal: false,
      subnets: ["subnet-a", "subnet-b"],
      ip_address_type: "ipv4",
    });
    expect(lb({}, internalConfig)).toMatchObject({ internal: true, name: "acme-test-internal" });
  });

  test("control 2: AWS and Terraform protect it from deletion", () => {
    expect(lb()).toMatchObject({ enable_deletion_protection: true, lifecycle: { prevent_destroy: true } });
    expect(lb({ deletionProtection: false })).toMatchObject({
      enable_deletion_protection: false,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("control 33: is in two zones at least", () => {
    expect(() => synth({ subnetIds: ["subnet-a"] })).toThrow(
      new Error("subnetIds must hold subnets of at least 2 zones, got 1"),
    );
  });

  test("drops invalid headers and refuses what is no proper HTTP", () => {
    expect(lb()).toMatchObject({ drop_invalid_header_fields: true, desync_mitigation_mode: "strictest" });
    expect(lb({ desyncMitigation: "defensive" })["desync_mitigation_mode"]).toBe("defensive");
  });

  test("speaks HTTP/2, and IPv6 where configured", () => {
    expect(lb()["enable_http2"]).toBe(true);
    expect(lb({ ipv6: true })["ip_address_type"]).toBe("dualstack");
  });

  test("a connection may be silent for a minute, or as configured", () => {
    expect(lb()["idle_timeout"]).toBe(60);
    expect(lb({ idleTimeoutSeconds: 120 })["idle_timeout"]).toBe(120);
  });

  test("requests and connections are logged", () => {
    const logs = {
      bucket: "acme-test-access-logs",
      prefix: "load-balancers/acme-test-orders",
      enabled: true,
    };
    expect(lb()).toMatchObject({ access_logs: logs, connection_logs: logs });
  });

  test("control 14: the firewall guards it", () => {
    const webAclArn = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/orders/1";
    expect(synth({ webAclArn }).one("aws_wafv2_web_acl_association")).toMatchObject({
      web_acl_arn: webAclArn,
      resource_arn: expect.stringMatching(/^\$\{aws_lb\..+\.arn\}$/),
    });
    expect(synth().types).not.toContain("aws_wafv2_web_acl_association");
  });

  test.each([
    { name: "its own name", changes: {}, base: config, url: /^https:\/\/\$\{TfToken\[.+\]\}$/ },
    {
      name: "a domain name",
      changes: { domainName: "orders.example.com" },
      base: config,
      url: /^https:\/\/orders\.example\.com$/,
    },
    {
      name: "a port",
      changes: { domainName: "orders.example.com", port: 8443 },
      base: config,
      url: /^https:\/\/orders\.example\.com:8443$/,
    },
    {
      name: "plain HTTP",
      changes: { domainName: "orders.test" },
      base: plainConfig,
      url: /^http:\/\/orders\.test$/,
    },
  ])("the URL has $name", ({ changes, base, url }) => {
    expect(outputs(changes, base).url).toMatch(url);
  });
});

describe("listener", () => {
  const listener = (...args: Parameters<typeof synth>) => synth(...args).one("aws_lb_listener", "lb_https");

  test("control 38: TLS 1.2 is the oldest version taken, or 1.3 where configured", () => {
    expect(listener()).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      certificate_arn: config.certificateArn,
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    });
    const tlsPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
    expect(listener({ tlsPolicy })["ssl_policy"]).toBe(tlsPolicy);
  });

  test("control 38: plain HTTP is redirected", () => {
    expect(synth().one("aws_lb_listener", "redirect")).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
      ],
    });
  });

  test("control 38: browsers are told to speak TLS for a year, or as configured", () => {
    const header = "routing_http_response_strict_transport_security_header_value";
    expect(listener()[header]).toBe("max-age=31536000");
    expect(listener({ strictTransportSecuritySeconds: 300 })[header]).toBe("max-age=300");
  });

  test("does not tell what it is, and lets nobody guess at types", () => {
    expect(listener()).toMatchObject({
      routing_http_response_server_enabled: false,
      routing_http_response_x_content_type_options_header_value: "nosniff",
    });
  });

  test("further certificates are there for their domains", () => {
    const furtherCertificateArns = { shop: "arn:aws:acm:eu-west-1:111111111111:certificate/shop" };
    expect(synth({ furtherCertificateArns }).one("aws_lb_listener_certificate")).toMatchObject({
      listener_arn: expect.stringMatching(/^\$\{aws_lb_listener\.lb_https_.+\.arn\}$/),
      certificate_arn: furtherCertificateArns.shop,
    });
  });

  test("what no rule matches is answered with 404", () => {
    const [action] = listener()["default_action"];
    expect(action).toMatchObject({
      type: "fixed-response",
      fixed_response: { status_code: "404", content_type: "application/json" },
    });
    expect(JSON.parse(action["fixed_response"]["message_body"])).toEqual({
      type: "about:blank",
      title: "Not Found",
      status: 404,
    });
  });

  test("plain HTTP has one listener, without a certificate", () => {
    const result = synth({}, plainConfig).one("aws_lb_listener");
    expect(result).toMatchObject({ port: 80, protocol: "HTTP" });
    expect(result).not.toHaveProperty("ssl_policy");
  });

  test.each([
    { name: "internal", changes: { internal: true, ingressCidrs: ["10.0.0.0/16"] } },
    {
      name: "reached from a prefix list alone",
      changes: { ingressCidrs: [], ingressPrefixListIds: ["pl-1"] },
    },
    { name: "configured without", changes: { httpRedirect: false } },
  ])("nothing is redirected where it is $name", ({ changes }) => {
    expect(synth(changes).all("aws_lb_listener")).toHaveLength(1);
  });
});

test.each([
  { id: "errors", name: "5xx", metric: "HTTPCode_ELB_5XX_Count", statistic: "Sum", threshold: 10 },
  { id: "latency", name: "p99", metric: "TargetResponseTime", statistic: "p99", threshold: 1 },
  { id: "rejected", name: "rejected", metric: "RejectedConnectionCount", statistic: "Sum", threshold: 0 },
])("control 30: $metric over $threshold tells the topic", ({ id, name, metric, statistic, threshold }) => {
  const alarm = synth().one("aws_cloudwatch_metric_alarm", `lb_${id}-alarm`);
  expect(alarm).toMatchObject({
    alarm_name: `acme-test-orders-load-balancer-${name}`,
    threshold,
    alarm_actions: [config.alarmTopicArn],
  });
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    namespace: "AWS/ApplicationELB",
    metric_name: metric,
    stat: statistic,
    dimensions: { LoadBalancer: expect.stringMatching(/^\$\{aws_lb\..+\.arn_suffix\}$/) },
  });
});

test("control 30: more than one in a hundred requests failed by the targets tells the topic", () => {
  const alarm = synth().one("aws_cloudwatch_metric_alarm", "target-errors");
  expect(alarm).toMatchObject({ threshold: 1, alarm_actions: [config.alarmTopicArn] });
  expect(
    alarm["metric_query"].map((query: { metric?: { metric_name: string } }) => query.metric?.metric_name),
  ).toEqual([undefined, "HTTPCode_Target_5XX_Count", "RequestCount"]);
});
