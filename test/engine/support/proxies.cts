import { RequestError, Server } from 'proxy-chain';

/** A proxy on 127.0.0.1, and what it was asked for. */
export interface TestProxy {
	/** For HTTP_PROXY and HTTPS_PROXY. */
	url: string;
	/** `host:port` of every request, tunnel or not. */
	asked: string[];
	close(): Promise<void>;
}

/** What a proxy does with a request: passes it on, asks for a login (407), or refuses with a page (403). */
export type ProxyManner = 'passesOn' | 'asksForLogin' | 'refuses';

export async function startProxy(manner: ProxyManner): Promise<TestProxy> {
	const asked: string[] = [];
	const server = new Server({
		host: '127.0.0.1',
		port: 0,
		prepareRequestFunction: ({ hostname, port }) => {
			asked.push(`${hostname}:${port}`);
			if (manner === 'asksForLogin') return { requestAuthentication: true };
			if (manner === 'refuses')
				throw new RequestError('<html><h1>Blocked by policy</h1></html>', 403, {
					'Content-Type': 'text/html',
				});
			return {};
		},
	});
	await server.listen();
	return {
		url: `http://127.0.0.1:${server.port}`,
		asked,
		close: async () => await server.close(true),
	};
}

const VARIABLES = [
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'NO_PROXY',
	'http_proxy',
	'https_proxy',
	'no_proxy',
];

/** Does something with these proxy variables, and no others, in the environment. */
export async function withEnvironment<T>(
	variables: Record<string, string>,
	run: () => Promise<T>,
): Promise<T> {
	const before = VARIABLES.map((name) => [name, process.env[name]] as const);
	for (const name of VARIABLES) delete process.env[name];
	Object.assign(process.env, variables);
	try {
		return await run();
	} finally {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	}
}
