// Viewer request, before CloudFront looks into its cache: brings what means the same to one form, so that it is cached once.
// The runtime is cloudfront-js-2.0; SETTINGS is set before it when it is deployed, see edge-functions.ts.

/** Whether CORS lets a web page of that origin read. A `*` stands for any characters. */
function allows(origin) {
  for (let i = 0; i < SETTINGS.corsOrigins.length; i++) {
    const parts = SETTINGS.corsOrigins[i].split("*");
    const start = parts[0];
    if (parts.length === 1) {
      if (origin === start) return true;
      continue;
    }
    const end = parts[1];
    const isLong = origin.length >= start.length + end.length;
    if (
      isLong &&
      origin.slice(0, start.length) === start &&
      origin.slice(origin.length - end.length) === end
    ) {
      return true;
    }
  }
  return false;
}

/** The answer to a browser that asks whether a page of that origin may read. Of another origin it is told nothing. */
function answerPreflight(origin) {
  const added = { "cache-control": { value: "no-store" }, vary: { value: "Origin" } };
  if (allows(origin)) {
    added["access-control-allow-origin"] = { value: origin };
    added["access-control-allow-methods"] = { value: "GET, HEAD" };
    added["access-control-allow-headers"] = { value: "*" };
    added["access-control-max-age"] = { value: "3600" };
  }
  return { statusCode: 204, statusDescription: "No Content", headers: added };
}

/**
 * Keeps the query parameters that the path's cache key knows, in one order, and lower-cases the extension. Answers CORS
 * preflights where CORS is on: the origin knows nothing of it.
 *
 * Values are as they came, percent-encoded; those of a parameter that is repeated keep their order.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  const headers = request.headers;
  const isPreflight =
    request.method === "OPTIONS" && headers.origin && headers["access-control-request-method"];
  if (isPreflight && SETTINGS.corsOrigins.length > 0) return answerPreflight(headers.origin.value);

  const given = Object.keys(request.querystring);
  const kept = [];
  for (let i = 0; i < SETTINGS.parameters.length; i++) {
    const name = SETTINGS.parameters[i];
    if (given.indexOf(name) === -1) continue;
    const parameter = request.querystring[name];
    const values = parameter.multiValue || [parameter];
    for (let j = 0; j < values.length; j++) kept.push(name.concat("=", values[j].value));
  }
  request.querystring = kept.join("&");

  const extension = /\.([A-Za-z0-9]+)$/.exec(request.uri);
  if (extension && SETTINGS.extensions.indexOf(extension[1].toLowerCase()) !== -1) {
    request.uri = request.uri.slice(0, extension.index) + extension[0].toLowerCase();
  }
  return request;
}
