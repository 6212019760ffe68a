import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";

/**
 * Stands before the emulator where AWS serves over TLS: ends the TLS and passes the bytes on. Listens on a free port of the
 * loopback interface.
 *
 * @param certificates folder with `certificate.pem` and `key.pem`
 * @param emulatorPort where the emulator listens
 */
export async function startTlsFront(
  certificates: string,
  emulatorPort: number,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(
    {
      cert: readFileSync(join(certificates, "certificate.pem")),
      key: readFileSync(join(certificates, "key.pem")),
      ALPNProtocols: ["http/1.1"],
      minVersion: "TLSv1.2",
    },
    (client) => {
      const emulator = connect(emulatorPort, "127.0.0.1");
      client.pipe(emulator).pipe(client);
      // Whichever end goes takes the other along.
      client.once("error", () => emulator.destroy());
      emulator.once("error", () => client.destroy());
      client.once("close", () => emulator.destroy());
      emulator.once("close", () => client.destroy());
    },
  );
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", done);
  });
  const address = server.address();
  return { server, port: typeof address === "object" && address ? address.port : 0 };
}
