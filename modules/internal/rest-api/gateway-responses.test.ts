import { synthesiseApi } from "./fixture";

const corsOrigin = "https://app.example.com";
const api = synthesiseApi();
const withCors = synthesiseApi({ corsOrigin });

describe("the gateway's own errors", () => {
  const responses = withCors.all("aws_api_gateway_gateway_response");

  test("have one shape, problem details, with their status", () => {
    expect(responses.length).toBeGreaterThan(10);
    for (const response of responses) {
      const body = response["response_templates"]["application/json"].replace(
        "$context.error.messageString",
        '"message"',
      );
      expect(Object.keys(JSON.parse(body))).toEqual(["type", "title", "status", "detail", "requestId"]);
      expect(String(JSON.parse(body)["status"])).toBe(response["status_code"]);
      expect(response["response_parameters"]["gatewayresponse.header.Content-Type"]).toBe(
        "'application/problem+json'",
      );
    }
  });

  test("control 38: tell the browser to stay with HTTPS, and to keep nothing", () => {
    for (const { response_parameters: headers } of responses) {
      expect(headers["gatewayresponse.header.Strict-Transport-Security"]).toContain("max-age=63072000");
      expect(headers["gatewayresponse.header.Cache-Control"]).toBe("'no-store'");
      expect(headers["gatewayresponse.header.X-Content-Type-Options"]).toBe("'nosniff'");
    }
  });

  test.each([
    ["UNAUTHORIZED", "401", "WWW-Authenticate", "'Bearer'"],
    ["EXPIRED_TOKEN", "401", "WWW-Authenticate", "'Bearer'"],
    ["THROTTLED", "429", "Retry-After", "'1'"],
  ])("%s is %s with %s", (type, status, header, value) => {
    const response = responses.find((candidate) => candidate["response_type"] === type);
    expect(response?.["status_code"]).toBe(status);
    expect(response?.["response_parameters"][`gatewayresponse.header.${header}`]).toBe(value);
  });

  test("control 28: the default for refusals does not repeat the request's header", () => {
    const response = responses.find((candidate) => candidate["response_type"] === "DEFAULT_4XX");
    expect(response?.["response_templates"]["application/json"]).not.toContain("$context.error");
  });

  test("may be read by the one origin, or by none", () => {
    const origin = "gatewayresponse.header.Access-Control-Allow-Origin";
    for (const { response_parameters: headers } of responses) expect(headers[origin]).toBe(`'${corsOrigin}'`);
    for (const { response_parameters: headers } of api.all("aws_api_gateway_gateway_response")) {
      expect(headers).not.toHaveProperty([origin]);
    }
  });
});
