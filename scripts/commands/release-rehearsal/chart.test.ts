import { chartOf } from "./chart";
import { Load } from "./load";

function loadOf(perSecond: number): Load {
  const load = new Load(7200);
  for (let second = 0; second < 7200; second++) {
    for (let request = 0; request < perSecond; request++)
      load.add(second, { seconds: 1, bytesPerSecond: 125_000 }, true);
  }
  return load;
}

const svg = chartOf({ title: 'envs/prod, "a" & <b>', before: loadOf(20), after: loadOf(0) });

test("it is one whole SVG, with nothing from elsewhere", () => {
  expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 490"')).toBe(true);
  expect(svg.endsWith("</svg>\n")).toBe(true);
  expect(svg).not.toMatch(/<script|href=|url\(|@import/);
  // Each element is closed.
  const open = [...svg.matchAll(/<(\w+)(?:"[^"]*"|[^>"])*?(\/?)>/g)].filter(([, , closed]) => closed === "");
  expect(open.map(([, name]) => name).sort()).toEqual(
    [...svg.matchAll(/<\/(\w+)>/g)].map(([, name]) => name).sort(),
  );
});

test("what the plan is called cannot break it", () => {
  expect(svg).toContain('<title id="title">envs/prod, &quot;a&quot; &amp; &lt;b&gt;</title>');
});

test("it tells who cannot see it what is seen", () => {
  expect(svg).toContain('role="img" aria-labelledby="title description"');
  expect(svg).toContain(
    '<desc id="description">Load of the application over time, as means of 60 seconds, by powers of ten. ' +
      "Requests per second: at most 20 without CloudFront, 0 behind it. " +
      "Mbit per second: at most 20 without CloudFront, 0 behind it.</desc>",
  );
});

test("curves differ by form, and colours follow the reader's theme", () => {
  expect(svg).toContain("stroke-dasharray");
  expect(svg).toContain("prefers-color-scheme:dark");
  expect(svg.match(/<polyline class="before"/g)).toHaveLength(2);
  expect(svg.match(/<polyline class="after"/g)).toHaveLength(2);
});

test("all points are within their panel", () => {
  const points = [...svg.matchAll(/points="([^"]+)"/g)].flatMap(([, text = ""]) =>
    text.split(" ").map((pair) => pair.split(",").map(Number)),
  );
  expect(points.length).toBe(4 * 120);
  for (const [x = 0, y = 0] of points) {
    expect(x).toBeGreaterThanOrEqual(64);
    expect(x).toBeLessThanOrEqual(624);
    expect(y).toBeGreaterThanOrEqual(72);
    expect(y).toBeLessThanOrEqual(452);
  }
});
