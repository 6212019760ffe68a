import { type AddressInfo, createServer, type Server } from "node:net";
import { freePort } from "./free-port";

function listen(): Promise<Server> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => done(server));
  });
}

test("a port that another program keeps is left to it", async () => {
  const server = await listen();
  const { port } = server.address() as AddressInfo;
  expect(await freePort(port)).not.toBe(port);
  server.close();
});

test("a preferred port that is let go in a moment is waited for", async () => {
  const server = await listen();
  const { port } = server.address() as AddressInfo;
  setTimeout(() => server.close(), 200);
  expect(await freePort(port)).toBe(port);
});
