import { escapeMarkup } from "../../internal/markup";

/**
 * Lays a graph out, by Graphviz: the same text always gives the same picture.
 *
 * @param title what it shows, for who cannot see it
 */
export async function toSvg(dot: string, title: string): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const svg = (await instance()).renderString(dot, { format: "svg" });
  // From the element on: its file needs no other head, and Graphviz's version is no part of the picture. Its titles are the ids of boxes.
  const element = svg
    .slice(svg.indexOf("<svg"))
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replace(/<title>[^<]*<\/title>\n?/g, "");
  return `${element.replace(/^<svg ([^>]*)>/, `<svg role="img" $1>\n<title>${escapeMarkup(title)}</title>`).trim()}\n`;
}
