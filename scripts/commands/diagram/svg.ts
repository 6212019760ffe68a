/** Lays a graph out, by Graphviz: the same text always gives the same picture. */
export async function toSvg(dot: string): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const svg = (await instance()).renderString(dot, { format: "svg" });
  // From the element on: its file needs no other head, and Graphviz's version is no part of the picture.
  return `${svg
    .slice(svg.indexOf("<svg"))
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .trim()}\n`;
}
