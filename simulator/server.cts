import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { accountModels, modelContent, modelsJson, pricing } from './catalogue.cts';
import { pause, type Core, type Exchange } from './core.cts';
import { spoil } from './faults.cts';
import { errorReply, type Reply } from './reply.cts';
import { LoggedRequest } from './requestLog.cts';
import { sendReply } from './sendReply.cts';
import { deleteStorages, listStorages, promoteStorages } from './storage.cts';
import { createTask, getTask, listTasks, notFound } from './taskEndpoints.cts';

type Handler = (core: Core, exchange: Exchange) => Promise<Reply> | Reply;

const ROUTES: Array<[method: 'GET' | 'POST', path: string, handler: Handler]> = [
	['POST', '/v1/tasks', createTask],
	['GET', '/v1/tasks', listTasks],
	['GET', '/v1/tasks/:taskId', getTask],
	['GET', '/v1/storages', listStorages],
	['POST', '/v1/storages/promote', promoteStorages],
	['POST', '/v1/storages/delete', deleteStorages],
	['GET', '/v1/models', accountModels],
	['GET', '/docs/models.json', modelsJson],
	['GET', '/api/models/content', modelContent],
	['GET', '/api/pricing', pricing],
	['GET', '/files/tasks/:taskId/:file', (core, exchange) => core.files.get(core, exchange)],
];

/** Error bodies with or without `data`: HiAPI's own clients are tested with both. */
function withoutData(core: Core, reply: Reply): Reply {
	if (core.switches.errorData === 'null' || reply.status < 400) return reply;
	const { data, ...rest } = reply.body as { data?: unknown };
	return data === null ? { ...reply, body: rest } : reply;
}

/** The answer to a request: scripted, spoiled by a fault, or the default behaviour's. */
async function answer(core: Core, exchange: Exchange, handler: Handler): Promise<Reply> {
	const { request } = exchange;
	const scripted = await core.scripts.answer(request);
	if (scripted) return scripted;
	const faults = core.faults.take(request);
	exchange.faultPlan = faults;
	// Only a create has a "during"; elsewhere it is the same as "before".
	const early =
		request.method === 'POST' && request.pathname === '/v1/tasks'
			? ['before']
			: ['before', 'during'];
	for (const delay of faults?.delays ?? [])
		if (early.includes(delay.when)) await pause(delay.milliseconds);
	if (faults?.spoil && early.includes(faults.spoil.when))
		return spoil(faults.spoil.action, undefined);
	let reply: Reply;
	if (request.rawBody.length > core.switches.maxBodyBytes)
		reply = errorReply(413, 'request body too large');
	else reply = withoutData(core, await handler(core, exchange));
	for (const delay of faults?.delays ?? [])
		if (delay.when === 'after') await pause(delay.milliseconds);
	return faults?.spoil?.when === 'after' ? spoil(faults.spoil.action, reply) : reply;
}

function handle(core: Core, handler: Handler) {
	return async (incoming: FastifyRequest, outgoing: FastifyReply): Promise<void> => {
		const rawBody = Buffer.isBuffer(incoming.body) ? incoming.body : Buffer.alloc(0);
		const request = new LoggedRequest(
			incoming.method,
			incoming.raw.url ?? '/',
			incoming.headers,
			rawBody,
		);
		core.log.add(request, core.switches.logLimit);
		outgoing.hijack();
		let reply: Reply;
		try {
			const params = incoming.params as Record<string, string>;
			reply = await answer(core, { request, params }, handler);
		} catch (error) {
			// A mistake in a script or in the simulator: visible to the test instead of a hanging request.
			reply = errorReply(
				500,
				`simulator: ${error instanceof Error ? error.message : String(error)}`,
				'SIMULATOR_BUG',
			);
		}
		request.status = reply.drop || reply.noAnswer ? 0 : reply.status;
		sendReply(outgoing.raw, reply);
	};
}

export interface RunningServer {
	origin: string;
	otherOrigin: string;
	close(): Promise<void>;
}

function listen(server: Server): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}

function closeNow(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

/**
 * Starts the HTTP side on 127.0.0.1: the API, catalogue and files on `port` (0 = any free one), everything once more
 * on a second free port under another name, which is another host to a client.
 */
export async function startServer(
	core: Core,
	port: number,
	addControl: (app: FastifyInstance) => void,
): Promise<RunningServer> {
	const app = fastify({
		bodyLimit: 1024 * 1024 * 1024,
		forceCloseConnections: true,
		routerOptions: { maxParamLength: 4096 },
	});
	// Bodies stay bytes: identity of a create and signatures are about the exact ones.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	// A Content-Type the framework cannot parse must reach our own check, so it only sees one that it can.
	const sent = new WeakMap<FastifyRequest, string>();
	app.addHook('onRequest', (request, _reply, done) => {
		const contentType = request.headers['content-type'];
		if (contentType !== undefined) {
			sent.set(request, contentType);
			request.headers['content-type'] = 'application/octet-stream';
		}
		done();
	});
	app.addHook('preHandler', (request, _reply, done) => {
		const contentType = sent.get(request);
		if (contentType !== undefined) request.headers['content-type'] = contentType;
		done();
	});
	for (const [method, url, handler] of ROUTES)
		app.route({ method, url, handler: handle(core, handler) });
	app.setNotFoundHandler(handle(core, notFound));
	addControl(app);
	await app.ready();
	const origin = await app.listen({ port, host: '127.0.0.1' });
	const second = createServer((request, response) => app.routing(request, response));
	// Another name, so that a client which trusts one host's name does not get by with it.
	const otherOrigin = `http://localhost:${await listen(second)}`;
	return {
		origin,
		otherOrigin,
		close: async () => {
			await Promise.all([closeNow(second), app.close()]);
		},
	};
}
