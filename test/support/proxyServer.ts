/** An HTTP proxy: passes requests on, and opens tunnels. */
import { createServer, request as ask, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export class ProxyServer {
  /** Host and port of every request and tunnel. */
  readonly asked: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ProxyServer> {
    const server = createServer();
    const proxy = new ProxyServer(server);
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '');
      proxy.asked.push(url.host);
      const { method = 'GET', headers } = request;
      request.pipe(
        ask(url, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        }),
      );
    });
    server.on('connect', (request, socket) => {
      proxy.asked.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const there = connect(Number(port), host ?? '', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        there.pipe(socket);
        socket.pipe(there);
      });
      for (const end of [there, socket]) end.on('error', () => void there.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
