import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { getRequestHelperFunctions } from 'n8n-core/dist/execution-engine/node-execution-context/utils/request-helpers';
import type {
	ILoadOptionsFunctions,
	INode,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

import { fetchCatalogJson } from '../../../../nodes/HiApi/n8n/fetchCatalog';

/** n8n's own HTTP helper. */
const context = {
	helpers: getRequestHelperFunctions(
		{} as Workflow,
		{ name: 'HiAPI' } as INode,
		{} as IWorkflowExecuteAdditionalData,
	),
} as unknown as ILoadOptionsFunctions;

const repeat = (response: ServerResponse, bytes: Buffer, milliseconds: number) => {
	const timer = setInterval(() => response.write(bytes), milliseconds);
	response.on('close', () => clearInterval(timer));
};

const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
	'/document': (_request, response) => response.end('{"models":["ü"]}'),
	'/not-found': (_request, response) => response.writeHead(404).end('{"models":[]}'),
	'/broken': (_request, response) => response.end('{"models":['),
	'/page': (_request, response) =>
		response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
	'/empty': (_request, response) => response.end(),
	'/moved': (_request, response) => response.writeHead(302, { location: '/document' }).end(),
	'/endless': (_request, response) => repeat(response, Buffer.alloc(4_000_000, 32), 1),
	'/slow': (_request, response) => repeat(response, Buffer.from(' '), 50),
	'/silent': () => undefined,
	'/cut': (_request, response) => {
		response.writeHead(200, { 'content-length': '100' }).write('{');
		setTimeout(() => response.destroy(), 20);
	},
};

describe('fetchCatalogJson', () => {
	let server: Server;
	let host: string;
	const requests: IncomingMessage[] = [];

	beforeAll(async () => {
		server = createServer((request, response) => {
			requests.push(request);
			pages[request.url!](request, response);
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});

	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
	});

	it.each([
		['/document', { models: ['ü'] }],
		['/moved', { models: ['ü'] }],
		['/not-found', undefined],
		['/broken', undefined],
		['/page', undefined],
		['/empty', undefined],
		['/endless', undefined],
	])('%s gives %j', async (path, expected) => {
		// longer than the node waits: a busy machine takes seconds to read 8 MB
		const signal = AbortSignal.timeout(60_000);
		expect(await fetchCatalogJson(context, `${host}${path}`, signal)).toEqual(expected);
	});

	it.each(['/silent', '/slow', '/cut'])('%s counts as no answer, in time', async (path) => {
		const start = performance.now();
		await expect(
			fetchCatalogJson(context, `${host}${path}`, AbortSignal.timeout(300)),
		).rejects.toThrow();
		expect(performance.now() - start).toBeLessThan(20_000);
	});

	it('counts a host that is not there as no answer', async () => {
		await expect(fetchCatalogJson(context, 'http://127.0.0.1:1/document')).rejects.toThrow();
	});

	it('sends no key', async () => {
		requests.length = 0;
		await fetchCatalogJson(context, `${host}/document`);
		expect(requests[0].headers.authorization).toBeUndefined();
	});
});
