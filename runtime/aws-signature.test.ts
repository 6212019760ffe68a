import { presignedUrl, type SignatureConfig, signedHeaders } from ".";

const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const now = Date.UTC(2015, 7, 30, 12, 36, 0);

const signatureIn = (authorization = "") => /Signature=(.*)$/.exec(authorization)?.[1];

test("signs as the example get-vanilla of AWS's test suite says", () => {
  const headers = signedHeaders(
    { method: "GET", url: new URL("https://example.amazonaws.com/") },
    { credentials, region: "us-east-1", service: "service", now },
  );
  expect(headers).toEqual({
    "x-amz-date": "20150830T123600Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
      "SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  });
});

// The signatures below were computed by @smithy/signature-v4 5.7.
const temporary = { ...credentials, sessionToken: "a+token/with=signs" };

test("signs body, headers, query and path, whatever letters they hold, with temporary credentials", () => {
  const url = new URL("https://abc.execute-api.eu-west-1.amazonaws.com/v1/session-checks/a%20b");
  url.searchParams.set("b", "2");
  url.searchParams.set("a", "ä (1)");
  const headers = signedHeaders(
    { method: "POST", url, headers: { "Content-Type": "application/json" }, body: '{"token":"a"}' },
    { credentials: temporary, region: "eu-west-1", service: "execute-api", now },
  );
  expect(headers).toMatchObject({
    "Content-Type": "application/json",
    "x-amz-security-token": "a+token/with=signs",
    authorization: expect.stringContaining(
      "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, ",
    ),
  });
  expect(signatureIn(headers["authorization"])).toBe(
    "45c8797dbd413c3216fa32cd95cda24383c67d8be44776e935e9bb3a75350aa6",
  );
});

test("sends headers that change on the way unsigned", () => {
  const changed = { "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793", "User-Agent": "test" };
  const sign = (headers: Record<string, string>) =>
    signedHeaders(
      { method: "GET", url: new URL("https://example.amazonaws.com/"), headers },
      { credentials, region: "us-east-1", service: "service", now },
    );
  expect(sign(changed)).toEqual({ ...changed, ...sign({}) });
});

test("signs a query in the order of its names, of which one may begin another", () => {
  const headers = signedHeaders(
    { method: "GET", url: new URL("https://abc.execute-api.eu-west-1.amazonaws.com/v1?a-b=1&a=2&A=0") },
    { credentials, region: "eu-west-1", service: "execute-api", now },
  );
  expect(signatureIn(headers["authorization"])).toBe(
    "ebad6ca4596a69dfca02ceb9d61d68207795f24f002d628340f13091baefef97",
  );
});

test("signs a URL in its query", () => {
  const url = new URL("http://acme-test-sessions/?Action=connect");
  url.searchParams.set("User", "sessions user!*");
  const config: SignatureConfig = {
    credentials: temporary,
    region: "eu-west-1",
    service: "elasticache",
    now,
  };
  expect(Object.fromEntries(presignedUrl(url, 900, config).searchParams)).toEqual({
    Action: "connect",
    User: "sessions user!*",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIDEXAMPLE/20150830/eu-west-1/elasticache/aws4_request",
    "X-Amz-Date": "20150830T123600Z",
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Security-Token": "a+token/with=signs",
    "X-Amz-Signature": "e7c2b713470097d51a37c29faa048be4faf34112162ceeaa71995ee2dad6e346",
  });
  expect(url.search).toBe("?Action=connect&User=sessions+user%21*");
});
