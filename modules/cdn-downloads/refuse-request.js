// Viewer request: answers paths that are not served, so that no request for them reaches the origin.
// The runtime is cloudfront-js-2.0.

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler() {
  return {
    statusCode: 404,
    statusDescription: "Not Found",
    headers: {
      "cache-control": { value: "no-store" },
      "content-type": { value: "text/plain; charset=utf-8" },
    },
    body: { encoding: "text", data: "Not found.\n" },
  };
}
