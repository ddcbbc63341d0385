import { authenticate } from './auth.cts';
import { pause, type Core, type Exchange } from './core.cts';
import { checkCreate } from './createChecks.cts';
import { realisticSeconds } from './durations.cts';
import { spoil } from './faults.cts';
import { errorReply, jsonReply, successReply, type Reply } from './reply.cts';
import { taskView } from './taskView.cts';
import { SimulatedTask, type TaskOrder } from './tasks.cts';

/** 415 for a Content-Type that is not JSON; none at all is accepted (hiapi-api-examples README). */
function contentTypeProblem({ request }: Exchange): Reply | undefined {
	const contentType = request.headers['content-type'];
	if (contentType === undefined) return undefined;
	if (contentType.split(';')[0].trim().toLowerCase() === 'application/json') return undefined;
	return errorReply(415, 'Content-Type must be application/json');
}

async function store(core: Core, exchange: Exchange, order: TaskOrder): Promise<Reply> {
	const seconds =
		core.switches.taskDurations === 'realistic'
			? realisticSeconds(order, Math.random())
			: core.taskSeconds;
	const task = new SimulatedTask(
		core.taskIds.next(core.clock.now()),
		order,
		core.plans.take(order),
		seconds,
		core.clock.now(),
		() => core.clock.now(),
	);
	core.tasks.add(task);
	core.storedOutputs.register(task);
	core.journal?.bought(task, order, seconds, exchange.request.rawBody);
	exchange.request.taskId = task.taskId;
	exchange.request.bought = true;
	await core.callbacks.follow(task);
	return successReply({ taskId: task.taskId });
}

/** Steps 5 to 12 of a create: everything an Idempotency-Key covers. */
async function checkAndStore(
	core: Core,
	exchange: Exchange,
	account: string,
	key: string | undefined,
): Promise<Reply> {
	const checked = checkCreate(core, account, exchange.request.rawBody);
	if ('refused' in checked) return checked.refused;
	await pause(core.switches.createMilliseconds);
	const faults = exchange.faultPlan;
	for (const delay of faults?.delays ?? [])
		if (delay.when === 'during') await pause(delay.milliseconds);
	if (faults?.spoil?.when === 'during') return spoil(faults.spoil.action, undefined);
	return await store(core, exchange, { ...checked.order, idempotencyKey: key });
}

/** `POST /v1/tasks` (docs.hiapi.ai/async-api/create). */
export async function createTask(core: Core, exchange: Exchange): Promise<Reply> {
	const { request } = exchange;
	const caller = authenticate(core, request);
	if ('refused' in caller) return caller.refused;
	const { account } = caller;
	const wrongType = contentTypeProblem(exchange);
	if (wrongType) return wrongType;
	const end = core.rateLimiter.begin(account);
	try {
		const limited = core.rateLimiter.check(core, account, true);
		if (limited) return limited;
		const header = request.headers['idempotency-key'];
		// Node reads header bytes as Latin-1; the limit is about the bytes.
		const key = typeof header === 'string' ? Buffer.from(header, 'latin1').toString('utf8') : '';
		const limits = () => core.rateLimiter.headers(core, account);
		if (key === '')
			return withHeaders(await checkAndStore(core, exchange, account, undefined), limits());
		const decision = core.idempotency.decide(core, account, key, request.rawBody);
		if ('answer' in decision) {
			request.taskId = decision.taskId;
			return withHeaders(decision.answer, limits());
		}
		let answer: Reply = errorReply(500, 'internal error');
		try {
			answer = await checkAndStore(core, exchange, account, key);
		} finally {
			decision.finish(answer, request.taskId);
		}
		return withHeaders(answer, limits());
	} finally {
		end();
	}
}

function withHeaders(answer: Reply, headers: Record<string, string>): Reply {
	return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** Authentication and the rate limiter around a read. */
export async function asReader(
	core: Core,
	exchange: Exchange,
	read: (account: string) => Reply | Promise<Reply>,
): Promise<Reply> {
	const caller = authenticate(core, exchange.request);
	if ('refused' in caller) return caller.refused;
	const end = core.rateLimiter.begin(caller.account);
	try {
		const limited = core.rateLimiter.check(core, caller.account, false);
		if (limited) return limited;
		return withHeaders(await read(caller.account), core.rateLimiter.headers(core, caller.account));
	} finally {
		end();
	}
}

/** `GET /v1/tasks/{taskId}` (docs.hiapi.ai/async-api/detail). */
export async function getTask(core: Core, exchange: Exchange): Promise<Reply> {
	return await asReader(core, exchange, (account) => {
		const task = core.tasks.get(exchange.params.taskId ?? '');
		const now = core.clock.now();
		const hidden = task && now - task.createdAt < core.switches.detailLagSeconds * 1000;
		if (!task || hidden || task.account !== account) return errorReply(404, 'task not found');
		exchange.request.taskId = task.taskId;
		return successReply(taskView(core, task, now));
	});
}

function pageNumber(text: string | undefined, fallback: number, largest: number): number {
	if (text === undefined || !/^\d+$/.test(text)) return fallback;
	const value = Number(text);
	return value >= 1 && value <= largest ? value : fallback;
}

/** `GET /v1/tasks` (docs.hiapi.ai/async-api/list): out-of-range values are replaced by the defaults. */
export async function listTasks(core: Core, exchange: Exchange): Promise<Reply> {
	return await asReader(core, exchange, (account) => {
		const { query } = exchange.request;
		const page = pageNumber(query.page, 1, Number.MAX_SAFE_INTEGER);
		const size = pageNumber(query.size, 10, 100);
		const seenAt = core.clock.now() - core.switches.listLagSeconds * 1000;
		const own = core.tasks.ofAccount(account);
		let total = own.length;
		while (total > 0 && own[total - 1].createdAt > seenAt) total -= 1;
		const end = Math.max(0, total - (page - 1) * size);
		const tasks = own.slice(Math.max(0, end - size), end).reverse();
		return successReply({
			page,
			size,
			total,
			tasks: tasks.map((task) => taskView(core, task, seenAt)),
		});
	});
}

/** Anything the API does not have. */
export function notFound(): Reply {
	return jsonReply(404, { code: 404, message: 'not found', data: null });
}
