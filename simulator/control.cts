import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from './core.cts';
import { chargedUsd } from './createChecks.cts';
import type { FaultRule } from './faults.cts';
import type { Simulator } from './index.cts';
import type { PlanMatch } from './plans.cts';
import type { Reply } from './reply.cts';
import type { LoggedRequest } from './requestLog.cts';
import { defaultSwitches } from './defaultSwitches.cts';
import type { Switches } from './switches.cts';
import { taskView } from './taskView.cts';
import type { SimulatedTask, TaskPlan } from './tasks.cts';

type Fields = Record<string, unknown>;

/** JSON has no patterns: `pathPattern` or `promptPattern` holds the source of one, next to the plain form. */
function textOrPattern(fields: Fields, name: 'path' | 'prompt'): string | RegExp | undefined {
	const pattern = fields[`${name}Pattern`];
	if (typeof pattern === 'string') return new RegExp(pattern);
	return typeof fields[name] === 'string' ? fields[name] : undefined;
}

function requestAsJson(request: LoggedRequest): Fields {
	const { at, method, path, pathname, query, headers, rawBody, status, taskId, bought } = request;
	return {
		at,
		method,
		path,
		pathname,
		query,
		headers,
		rawBodyBase64: rawBody.toString('base64'),
		json: request.json,
		status,
		taskId,
		bought,
	};
}

function taskAsJson(core: Core, task: SimulatedTask): Fields {
	return {
		...taskView(core, task, core.clock.now()),
		requestedModel: task.model,
		requestBody: task.requestBody,
		idempotencyKey: task.idempotencyKey,
		callbackUrl: task.callbackUrl,
		plan: task.plan,
		estimateUsd: task.estimateUsd,
		chargedUsd: chargedUsd(task),
		createdAt: task.createdAt,
		endsAt: task.endsAt === Infinity ? null : task.endsAt,
	};
}

function fieldsOf(request: FastifyRequest): Fields {
	const raw = request.body as Buffer | undefined;
	if (!raw || raw.length === 0) return {};
	const fields: unknown = JSON.parse(raw.toString('utf8'));
	if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
		throw new Error('body must be a JSON object');
	return fields as Fields;
}

function setSwitches(core: Core, fields: Fields): Switches {
	const defaults = defaultSwitches() as unknown as Fields;
	for (const [name, value] of Object.entries(fields)) {
		if (!(name in defaults)) throw new Error(`no such switch: ${name}`);
		const expected = defaults[name];
		const comparable = expected !== null && value !== null;
		if (
			comparable &&
			(typeof value !== typeof expected || Array.isArray(value) !== Array.isArray(expected))
		) {
			throw new Error(`switch ${name}: wrong type of value`);
		}
	}
	return Object.assign(core.switches, fields);
}

function addFault(simulator: Simulator, fields: Fields): Fields {
	if (typeof (fields.action as Fields | undefined)?.type !== 'string')
		throw new Error('action.type is required');
	simulator.fault({ ...(fields as unknown as FaultRule), path: textOrPattern(fields, 'path') });
	return {};
}

function addPlan(simulator: Simulator, fields: Fields): Fields {
	const match = (fields.match ?? {}) as Fields;
	const { model, times } = match as PlanMatch;
	simulator.plan((fields.plan ?? {}) as TaskPlan, {
		model,
		times,
		prompt: textOrPattern(match, 'prompt'),
	});
	return {};
}

function addScript(simulator: Simulator, fields: Fields): Fields {
	if (!Array.isArray(fields.replies)) throw new Error('replies must be an array');
	const path = textOrPattern(fields, 'path');
	simulator.script(fields.replies as Reply[], {
		method: fields.method as string | undefined,
		path,
	});
	return {};
}

function requestsSince(core: Core, query: Fields): Fields {
	const since = Number(query.since ?? 0);
	const requests = core.log.requests.slice(Math.max(0, since - core.log.dropped));
	return {
		total: core.log.dropped + core.log.requests.length,
		requests: requests.map(requestAsJson),
	};
}

/** The in-process interface once more, as JSON over HTTP under `/_simulator/`; never logged, never disturbed by faults. */
export function addControl(app: FastifyInstance, simulator: Simulator, core: Core): void {
	const add = (
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		run: (fields: Fields, request: FastifyRequest) => unknown,
	) =>
		app.route({
			method,
			url: `/_simulator${path}`,
			handler: async (request: FastifyRequest, reply: FastifyReply) => {
				try {
					return await reply.send(run(fieldsOf(request), request) ?? {});
				} catch (error) {
					return await reply.code(400).send({ error: (error as Error).message });
				}
			},
		});
	const taskId = (request: FastifyRequest) => (request.params as { taskId: string }).taskId;

	add('GET', '', () => ({
		baseUrl: simulator.baseUrl,
		otherOrigin: simulator.otherOrigin,
		taskSeconds: core.taskSeconds,
		timeScale: core.clock.scale,
		now: simulator.now,
		purchases: simulator.purchases,
		spentUsd: simulator.spentUsd,
		requests: core.log.dropped + core.log.requests.length,
		deliveries: simulator.deliveries.length,
	}));
	add('GET', '/switches', () => simulator.switches);
	add('PATCH', '/switches', (fields) => setSwitches(core, fields));
	add('GET', '/faults', () => ({ faults: core.faults.pending() }));
	add('POST', '/faults', (fields) => addFault(simulator, fields));
	add('DELETE', '/faults', () => core.faults.clear());
	add('POST', '/plans', (fields) => addPlan(simulator, fields));
	add('DELETE', '/plans', () => core.plans.clear());
	add('POST', '/scripts', (fields) => addScript(simulator, fields));
	add('DELETE', '/scripts', () => core.scripts.clear());
	add('GET', '/requests', (_, request) => requestsSince(core, request.query as Fields));
	add('GET', '/purchases', () => ({ purchases: simulator.purchases }));
	add('GET', '/deliveries', () => ({
		deliveries: simulator.deliveries.map(({ rawBody, ...rest }) => ({
			...rest,
			rawBodyBase64: rawBody.toString('base64'),
		})),
	}));
	add('GET', '/tasks', () => ({ tasks: simulator.tasks.map((task) => taskAsJson(core, task)) }));
	add('GET', '/tasks/:taskId', (_, request) => {
		const task = core.tasks.get(taskId(request));
		if (!task) throw new Error(`no task ${taskId(request)}`);
		return taskAsJson(core, task);
	});
	add('POST', '/tasks/:taskId/finish', (fields, request) =>
		simulator.finish(taskId(request), fields as TaskPlan),
	);
	add('POST', '/advance', (fields) => {
		simulator.advance(Number(fields.seconds));
		return { now: simulator.now };
	});
	add('POST', '/reset', () => simulator.reset());
}
