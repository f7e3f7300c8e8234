import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One statement as it came: of the address or of the body, with the settings beside it. */
export interface Asked {
  readonly query: string;
  readonly settings: URLSearchParams;
  readonly user: string;
}

export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** Speaks as much of ClickHouse's HTTP as a test lets it: `answer` undefined leaves the request hanging. For tests only. */
export async function startFakeServer(answer: (asked: Asked) => Answer | undefined): Promise<FakeServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void statementOf(request).then((one) => {
      asked.push(one);
      const { status = 200, headers = {}, body = '' } = answer(one) ?? { status: 0 };
      if (status > 0) response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function statementOf(request: IncomingMessage): Promise<Asked> {
  const settings = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const body = (await Array.fromAsync(request as AsyncIterable<Buffer>)).join('');
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return { query: settings.get('query') ?? body, settings, user: Buffer.from(basic, 'base64').toString().split(':')[0] ?? '' };
}

/** An error as a server answers it. */
export function refusal(status: number, code: number, type: string): Answer {
  return { status, headers: { 'X-ClickHouse-Exception-Code': String(code) }, body: `Code: ${code}. DB::Exception: text with marker-of-a-person. (${type}) (version 25.12.3.21 (official build))\n` };
}
