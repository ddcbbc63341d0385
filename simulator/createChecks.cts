import { chargeUsd, sumUsd } from './charge.cts';
import type { Core } from './core.cts';
import { resolveModel, type ResolvedModel } from './models/index.cts';
import { priceRowOf } from './models/prices.cts';
import { errorReply, gatewayErrorReply, type Reply } from './reply.cts';
import { inputProblems } from './schemaWording.cts';
import type { SimulatedTask, TaskOrder } from './tasks.cts';

const TOP_LEVEL_FIELDS = new Set(['model', 'input', 'callback', 'route', 'storage']);

function invalid(message: string): Reply {
	return errorReply(400, message, 'INVALID_REQUEST');
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsedObject(rawBody: Buffer): Record<string, unknown> | undefined {
	try {
		const body: unknown = JSON.parse(rawBody.toString('utf8'));
		return isObject(body) ? body : undefined;
	} catch {
		return undefined;
	}
}

function callbackProblem(callback: unknown, requireHttps: boolean): string | undefined {
	if (callback === undefined) return undefined;
	if (!isObject(callback)) return 'invalid callback: must be an object';
	const { url, when } = callback;
	if (typeof url !== 'string' || !/^https?:\/\/[^/?#\s]+/i.test(url) || !URL.canParse(url)) {
		return 'invalid callback.url: must be a valid http(s) URL';
	}
	if (requireHttps && !/^https:/i.test(url)) return 'invalid callback.url: must be an https URL';
	// Text quoted from the live API in hiapi.ai/en/blog/happyhorse-1-1-text-to-video-api-tutorial.
	if (when !== undefined && when !== 'final')
		return "invalid callback.when: only 'final' is supported";
	return undefined;
}

function modelProblem(
	core: Core,
	resolved: Exclude<ReturnType<typeof resolveModel>, ResolvedModel>,
	name: string,
): Reply {
	if (resolved.problem === 'route') {
		const available = resolved.available.join(', ');
		return invalid(
			`unknown route '${resolved.route}' for model '${resolved.model}', available routes: ${available}`,
		);
	}
	if (core.switches.unknownModelEnvelope === 'E2') {
		return gatewayErrorReply(404, 'model_not_found', `The model \`${name}\` does not exist.`, {
			type: 'invalid_request_error',
		});
	}
	return errorReply(400, `model '${name}' is not available`, 'MODEL_UNAVAILABLE');
}

/** What a task is charged in US dollars: nothing before it has ended, and nothing when it has failed. */
export function chargedUsd(task: SimulatedTask): number {
	return task.terminal && task.outcome === 'success' ? (task.plan.costUsd ?? task.estimateUsd) : 0;
}

/** Money not yet spent or reserved, in US dollars; undefined = unlimited. Failed tasks cost nothing. */
export function availableBalance(core: Core, account: string): number | undefined {
	const { balance } = core.switches;
	if (balance === null) return undefined;
	const spent = core.tasks
		.ofAccount(account)
		.map((task) => (task.terminal ? chargedUsd(task) : task.estimateUsd));
	return balance - sumUsd(spent);
}

/** Checks a create's body in the API's order (body, callback, storage, model and route, input, balance). */
export function checkCreate(
	core: Core,
	account: string,
	rawBody: Buffer,
): { order: TaskOrder } | { refused: Reply } {
	const { switches } = core;
	const body = parsedObject(rawBody);
	if (!body) return { refused: invalid('invalid request') };
	const { model: name, input, callback, route, storage } = body;
	if (typeof name !== 'string' || name.trim() === '' || !isObject(input))
		return { refused: invalid('invalid request') };
	if (switches.rejectUnknownTopLevelFields) {
		const unknown = Object.keys(body).filter((field) => !TOP_LEVEL_FIELDS.has(field));
		if (unknown.length > 0)
			return { refused: invalid(`invalid request: unknown fields ${unknown.join(', ')}`) };
	}

	const callbackWords = callbackProblem(callback, switches.callbackRequireHttps);
	if (callbackWords) return { refused: invalid(callbackWords) };

	const storageKnown = storage === undefined || storage === 'temp' || storage === 'persistent';
	if (!storageKnown && switches.rejectInvalidStorage) {
		return { refused: invalid("invalid storage: must be 'temp' or 'persistent'") };
	}

	if (route !== undefined && typeof route !== 'string')
		return { refused: invalid('invalid route: must be a string') };
	const resolved = resolveModel(name, route, switches.oldModelIds);
	if ('problem' in resolved) return { refused: modelProblem(core, resolved, name) };

	if (resolved.schema) {
		const problems = inputProblems(resolved.schema, input, switches.nestedPathSeparator);
		if (switches.problemOrder === 'reversed') problems.reverse();
		if (problems.length > 0) return { refused: invalid(`invalid input: ${problems.join('; ')}`) };
	}

	const { costUsd, id } = resolved.model;
	const listed = resolved.route === 'default' ? id : `${id}@${resolved.route}`;
	const estimateUsd =
		switches.taskCost ??
		chargeUsd(
			priceRowOf(listed, resolved.model),
			input,
			resolved.schema,
			costUsd,
			switches.priceRulesSeeDefaults,
		);
	const available = availableBalance(core, account);
	if (available !== undefined && estimateUsd > available + 1e-9) {
		return {
			refused: errorReply(
				402,
				'insufficient balance',
				switches.insufficientBalanceCode ?? undefined,
			),
		};
	}
	return {
		order: {
			account,
			model: name,
			shownModel: resolved.shownModel,
			category: resolved.model.category,
			route: route ? route : undefined,
			storage: storage === 'persistent' ? 'persistent' : 'temp',
			callbackUrl: isObject(callback) ? (callback.url as string) : undefined,
			input,
			requestBody: body,
			estimateUsd,
		},
	};
}
