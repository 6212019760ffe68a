/** What a reader of the page, or a test, wants to see of how its request came. */
const SHOWN = [
  "host",
  "user-agent",
  "via",
  "x-amz-cf-id",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-update-channel",
];

/**
 * A small page that says which headers reached the application. Others, such as cookies and the secret that a distribution sends,
 * are not shown.
 */
export function frontPage(header: (name: string) => string | undefined): string {
  const rows = SHOWN.map((name) => `<tr><th>${name}<td>${escapeHtml(header(name) ?? "")}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Updates</title>
<h1>Updates</h1>
<p>Files are below <code>/updates/</code> and <code>/downloads/</code>. This request came with:</p>
<table>
${rows.join("\n")}
</table>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
