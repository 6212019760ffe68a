import { resolve } from "node:path";
import { loadOf } from "./load";
import { Servers } from "./servers";

// The machine may be busy.
jest.setTimeout(60_000);

test("proxy, edge and origin answer the same, the edge from its cache, and can be loaded", async () => {
  const servers = new Servers(resolve(__dirname, "../../.."));
  try {
    const measured = await servers.start();
    expect(measured.map(({ name }) => name)).toEqual([
      "plain proxy",
      "edge, from the cache",
      "origin itself",
    ]);
    for (const { url } of measured) {
      await (await fetch(`${url}/downloads/1024`)).arrayBuffer();
      const answer = await fetch(`${url}/downloads/1024`);
      expect(answer.status).toBe(200);
      expect((await answer.arrayBuffer()).byteLength).toBe(1024);
    }
    const edge = measured[1]?.url ?? "";
    expect((await fetch(`${edge}/downloads/1024`)).headers.get("x-cache")).toBe("Hit from cloudfront");
    expect((await loadOf(`${edge}/downloads/1024`, 1)).requestsPerSecond).toBeGreaterThan(0);
    await expect(loadOf(`${edge}/downloads/not-a-size`, 1)).rejects.toThrow(
      "answers that are none of success",
    );
  } finally {
    await servers.end();
  }
});
