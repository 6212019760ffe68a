import { escapeMarkup } from "../../internal/markup";
import type { Graph, Node } from "./graph";
import type { Kind } from "./kinds";

/** A picture of a graph, as text for what lays it out. */
export interface Picture {
  /** What it shows, e.g. `envs/prod: todo`. */
  readonly title: string;
  readonly graph: Graph;
}

/** Fill and border of the boxes. Dark text is read on each of them. */
const COLOURS: Readonly<Record<Kind["group"] | "people", readonly [fill: string, border: string]>> = {
  compute: ["#fdebd9", "#d86613"],
  data: ["#dfe8fb", "#3b58d4"],
  entry: ["#eee3fb", "#7a3fc4"],
  message: ["#fbe1ec", "#c8327a"],
  outside: ["#f4f4f4", "#888888"],
  people: ["#ffffff", "#444444"],
  security: ["#fbe3e1", "#c0332b"],
};

/** Who is drawn besides what is deployed. */
const CLIENTS = "clients";
const NAMES = "names";

interface Drawn {
  readonly id: string;
  readonly lines: readonly string[];
  readonly group: Kind["group"] | "people";
}

/** The nodes inside the VPC and outside it, and the arrows, with clients and Route 53 where something is reached by them. */
function drawn({ graph }: Picture) {
  const ids = new Map(graph.nodes.map(({ address }, index) => [address, `n${index}`]));
  const box = (node: Node): Drawn => ({
    id: ids.get(node.address) as string,
    lines: [node.kind.title, node.name],
    group: node.kind.group,
  });
  const open = graph.nodes.filter((node) => node.public);
  const people: Drawn[] = [
    ...(open.length > 0 ? [{ id: CLIENTS, lines: ["Clients"], group: "people" } as const] : []),
    ...(open.some(({ named }) => named) ? [{ id: NAMES, lines: ["Route 53"], group: "entry" } as const] : []),
  ];
  // A firewall before something is on the way to it.
  const guards = new Map(
    graph.edges
      .filter(([from]) => from.startsWith("aws_wafv2_web_acl."))
      .map(([guard, guarded]) => [guarded, ids.get(guard) as string]),
  );
  const entries = open.flatMap((node) => {
    const way = guards.get(node.address) ?? (ids.get(node.address) as string);
    return node.named ? [`${CLIENTS} ${NAMES}`, `${NAMES} ${way}`] : [`${CLIENTS} ${way}`];
  });
  const uses = graph.edges.map(([from, to]) => `${ids.get(from)} ${ids.get(to)}`);
  return {
    people,
    inside: graph.nodes.filter(({ inVpc }) => inVpc).map(box),
    outside: graph.nodes.filter(({ inVpc }) => !inVpc).map(box),
    edges: [...new Set([...entries, ...uses])].map((edge) => edge.split(" ") as [string, string]),
  };
}

/** As Graphviz reads it. */
export function toDot(picture: Picture): string {
  const { people, inside, outside, edges } = drawn(picture);
  const box = ({ id, lines: [first = "", ...rest], group }: Drawn) => {
    const [fill, border] = COLOURS[group];
    const below = rest.map((line) => `<br/><font point-size="11">${escapeMarkup(line)}</font>`).join("");
    return `${id} [label=<<b>${escapeMarkup(first)}</b>${below}>, fillcolor="${fill}", color="${border}"];`;
  };
  return [
    "digraph {",
    `  graph [rankdir=LR, nodesep=0.25, ranksep=0.6, fontname="Helvetica,Arial,sans-serif", bgcolor="#ffffff", label=<${escapeMarkup(picture.title)}>, labelloc=t];`,
    '  node [shape=box, style="rounded,filled", fontname="Helvetica,Arial,sans-serif", fontsize=12, margin="0.32,0.08"];',
    '  edge [color="#555555", arrowsize=0.7];',
    ...[...people, ...outside].map((node) => `  ${box(node)}`),
    ...(inside.length > 0
      ? [
          "  subgraph cluster_vpc {",
          '    graph [label=<VPC>, labeljust=l, style="rounded", color="#7a9a3a", fontcolor="#4a6a1a"];',
          ...inside.map((node) => `    ${box(node)}`),
          "  }",
        ]
      : []),
    ...edges.map(([from, to]) => `  ${from} -> ${to};`),
    "}",
    "",
  ].join("\n");
}

/** As Mermaid reads it, which GitHub shows in Markdown. */
export function toMermaid(picture: Picture): string {
  const { people, inside, outside, edges } = drawn(picture);
  const box = ({ id, lines, group }: Drawn) => `${id}["${lines.map(escapeMarkup).join("<br/>")}"]:::${group}`;
  const groups = new Set([...people, ...outside, ...inside].map(({ group }) => group));
  return [
    "---",
    `title: ${JSON.stringify(picture.title)}`,
    "---",
    "flowchart LR",
    ...[...people, ...outside].map((node) => `  ${box(node)}`),
    ...(inside.length > 0
      ? ["  subgraph vpc [VPC]", ...inside.map((node) => `    ${box(node)}`), "  end"]
      : []),
    ...edges.map(([from, to]) => `  ${from} --> ${to}`),
    ...[...groups].sort().map((group) => {
      const [fill, border] = COLOURS[group];
      return `  classDef ${group} fill:${fill},stroke:${border},color:#222222`;
    }),
    "",
  ].join("\n");
}
