// Viewer request, before CloudFront looks into its cache: brings what means the same to one form, so that it is cached once.
// The runtime is cloudfront-js-2.0; SETTINGS is set before it when it is deployed, see edge-functions.ts.

/**
 * Keeps the query parameters that the path's cache key knows, in one order, and lower-cases the extension.
 *
 * Values are as they came, percent-encoded; those of a parameter that is repeated keep their order.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
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
