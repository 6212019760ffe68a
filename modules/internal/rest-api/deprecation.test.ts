import { deprecationHeaders } from "./deprecation";
import { contractOf, NOTES, synthesiseApi } from "./fixture";

const DAYS = { deprecated: "2026-12-01", sunset: "2027-12-01" };
const PAGE = "https://developer.example.com/from-v1-to-v2";
const withDeprecation = (deprecation: unknown) => ({
  ...NOTES,
  info: { ...NOTES.info, "x-deprecation": deprecation },
});

test("is read from the contract, and absent where there is none", () => {
  const deprecation = { ...DAYS, documentation: PAGE };
  expect(contractOf(withDeprecation(deprecation)).deprecation).toEqual(deprecation);
  expect(contractOf(NOTES)).not.toHaveProperty("deprecation");
});

test.each<[string, unknown, string]>([
  ["no date", { sunset: "2027-12-01" }, ".deprecated must be a date, like 2026-12-01, got undefined"],
  [
    "a day that there is not",
    { ...DAYS, sunset: "2027-13-01" },
    '.sunset must be a date, like 2026-12-01, got "2027-13-01"',
  ],
  ["a time for a date", { ...DAYS, sunset: 1 }, ".sunset must be a date, like 2026-12-01, got 1"],
  [
    "a sunset before",
    { ...DAYS, sunset: "2026-12-01" },
    ".sunset must be after deprecated (2026-12-01), got 2026-12-01",
  ],
  [
    "an unknown field",
    { ...DAYS, link: PAGE },
    ".link is no field; these are: deprecated, sunset, successor, documentation",
  ],
  ["a successor that is none", { ...DAYS, successor: "2" }, '.successor must be a version, like v2, got "2"'],
  [
    "a successor without a document",
    { ...DAYS, successor: "v2" },
    ".successor must be a later version that there is a document of, got v2",
  ],
  [
    "itself as its successor",
    { ...DAYS, successor: "v1" },
    ".successor must be a later version that there is a document of, got v1",
  ],
  [
    "a page that ends the header",
    { ...DAYS, documentation: `${PAGE}'` },
    `.documentation must be an https URL without spaces, quotes or commas, got "${PAGE}'"`,
  ],
])("%s is refused", (_case, deprecation, message) => {
  expect(() => contractOf(withDeprecation(deprecation))).toThrow(
    new Error(`api/notes/v1.yaml: info.x-deprecation${message}`),
  );
});

test.each([
  [
    "all",
    { ...DAYS, documentation: PAGE },
    "https://api.example.com/v2",
    `<https://api.example.com/v2>; rel="successor-version", <${PAGE}>; rel="deprecation"; type="text/html", ` +
      `<${PAGE}>; rel="sunset"; type="text/html"`,
  ],
  [
    "a successor alone",
    DAYS,
    "https://api.example.com/v2",
    '<https://api.example.com/v2>; rel="successor-version"',
  ],
  ["dates alone", DAYS, undefined, undefined],
])("the headers of %s are as RFC 9745, 8594 and 8288 have them", (_case, deprecation, successorUrl, link) => {
  expect(deprecationHeaders(deprecation, successorUrl)).toEqual({
    // date --date=@1796083200 --utc
    Deprecation: "@1796083200",
    Sunset: "Wed, 01 Dec 2027 00:00:00 GMT",
    ...(link !== undefined && { Link: link }),
  });
});

describe("the gateway's own answers", () => {
  const headers = deprecationHeaders(DAYS, "https://api.example.com/v2");
  const api = synthesiseApi({ headers, corsOrigin: "https://app.example.com" });

  test("have the headers, every one of them, and pages may read them", () => {
    const responses = api.all("aws_api_gateway_gateway_response");
    expect(responses.length).toBeGreaterThan(10);
    for (const { response_parameters: parameters } of responses) {
      expect(parameters).toMatchObject({
        "gatewayresponse.header.Deprecation": "'@1796083200'",
        "gatewayresponse.header.Sunset": "'Wed, 01 Dec 2027 00:00:00 GMT'",
        "gatewayresponse.header.Link": `'<https://api.example.com/v2>; rel="successor-version"'`,
        "gatewayresponse.header.Access-Control-Expose-Headers": "'Deprecation,Sunset,Link'",
      });
    }
  });

  test("to preflights have them too", () => {
    for (const { response_parameters: parameters } of api.all("aws_api_gateway_integration_response")) {
      expect(parameters).toMatchObject({ "method.response.header.Deprecation": "'@1796083200'" });
    }
    for (const { response_parameters: parameters } of api.all("aws_api_gateway_method_response")) {
      expect(parameters).toMatchObject({ "method.response.header.Deprecation": true });
    }
  });

  test("are deployed anew when a header alone changes, the successor's address too", () => {
    const triggers = api.one("aws_api_gateway_deployment")["triggers"];
    expect(triggers).toMatchObject(headers);
    expect(synthesiseApi().one("aws_api_gateway_deployment")["triggers"]).not.toHaveProperty("Deprecation");
  });
});
