import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { checkContract, type Finding } from '../../scripts/contract/checkContract.cts';
import {
	errorReply,
	jsonReply,
	startSimulator,
	successReply,
	type Simulator,
} from '../../simulator/index.cts';
import { createdId } from './support/http.cts';

const ROOT = join(__dirname, '..', '..');

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ taskSeconds: 5 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const publicTarget = () => ({
	baseUrl: simulator.baseUrl,
	catalogueUrl: simulator.origin,
	timeoutMs: 5_000,
});
const check = async () =>
	await checkContract({ ...publicTarget(), apiKey: simulator.apiKey }, () => undefined);
const results = (findings: Finding[]) => findings.map(({ result }) => result);
const differing = (findings: Finding[]) => findings.filter(({ result }) => result === 'differs');

/** One task of every kind an account can have. */
async function fillAccount(): Promise<void> {
	simulator.plan({ outcome: 'fail' });
	await createdId(simulator);
	await createdId(simulator, { model: 'any-model', input: { prompt: 'p' }, storage: 'persistent' });
	simulator.advance(10);
	await createdId(simulator);
}

describe('the simulator keeps the contract', () => {
	it('as far as it can be looked at without buying', async () => {
		await fillAccount();
		const findings = await check();
		expect(differing(findings)).toEqual([]);
		expect(results(findings)).toEqual(Array(11).fill('ok'));
	});

	it.each(['E1', 'E2'] as const)('with refusals of the form %s', async (envelope) => {
		await fillAccount();
		simulator.switches.authEnvelope = envelope;
		expect(differing(await check())).toEqual([]);
	});

	it('with an empty account, whose tasks cannot be looked at', async () => {
		const findings = await check();
		expect(differing(findings)).toEqual([]);
		expect(findings.filter(({ result }) => result === 'skipped').map(({ why }) => why)).toEqual([
			['the account has no task'],
		]);
	});

	it('without a key, where only the public part can be looked at', async () => {
		const findings = await checkContract(publicTarget(), () => undefined);
		expect(results(findings)).toEqual([...Array(5).fill('ok'), ...Array(6).fill('skipped')]);
		expect(simulator.requests.every(({ headers }) => headers.authorization === undefined)).toBe(
			true,
		);
	});
});

describe('nothing is ever bought', () => {
	it('sends reads and empty creates only, and no key to the catalogue', async () => {
		await fillAccount();
		const before = simulator.requests.length;
		await check();
		const sent = simulator.requests.slice(before);
		expect(sent.length).toBeGreaterThan(10);
		const posts = sent.filter(({ method }) => method !== 'GET');
		expect(posts.map(({ method, path, rawBody }) => [method, path, rawBody.toString()])).toEqual([
			['POST', '/v1/tasks', '{}'],
			['POST', '/v1/tasks', '{}'],
		]);
		expect(sent.filter(({ bought }) => bought)).toEqual([]);
		expect(simulator.purchases).toBe(3);
		const withKey = sent.filter(({ headers }) => headers.authorization !== undefined);
		expect(withKey.every(({ path }) => path.startsWith('/v1/'))).toBe(true);
		expect(sent.every(({ headers }) => headers['idempotency-key'] === undefined)).toBe(true);
	});

	it('says so loudly should a server make a task of nothing', async () => {
		simulator.script((request) =>
			request.method === 'POST' ? successReply({ taskId: 'tk-hiapi-1' }) : undefined,
		);
		expect(differing(await check()).map(({ why }) => why)).toEqual([
			[expect.stringContaining('MADE A TASK')],
			[expect.stringContaining('MADE A TASK')],
		]);
	});

	it('follows no redirect', async () => {
		simulator.script((request) =>
			request.pathname.startsWith('/v1/')
				? { status: 307, headers: { location: `${simulator.otherOrigin}${request.path}` } }
				: undefined,
		);
		const before = simulator.requests.length;
		expect(differing(await check())).toHaveLength(7);
		expect(
			simulator.requests.slice(before).filter(({ status }) => status === 401 || status === 400),
		).toEqual([]);
	});
});

describe('a difference is found', () => {
	beforeEach(fillAccount);

	const inTasks = (changes: object) => () =>
		simulator.script((request) =>
			request.method === 'GET' && request.pathname === '/v1/tasks' && request.headers.authorization
				? successReply({
						page: 1,
						size: Number(request.query.size),
						total: 1,
						tasks: [
							{
								taskId: 't',
								model: 'm',
								status: 'success',
								created: 1777282033,
								completed: 1777282099,
								output: [],
								...changes,
							},
						],
					})
				: undefined,
		);
	const at = (path: string, reply: ReturnType<typeof jsonReply>) => () =>
		simulator.script((request) => (request.pathname === path ? reply : undefined));

	it.each<[string, () => void, string]>([
		[
			'a status nobody knows',
			inTasks({ status: 'paused', completed: 0 }),
			'tasks[].status must be equal to one of the allowed values: ["queued","handling",',
		],
		[
			'times in milliseconds',
			inTasks({ created: 1777282033000 }),
			'tasks[].created must be < 10000000000',
		],
		[
			'an end before the end',
			inTasks({ status: 'handling', completed: 1777282099 }),
			'tasks[].completed must be equal to constant: 0',
		],
		[
			'a success without outputs',
			inTasks({ output: undefined }),
			"tasks[] must have required property 'output'",
		],
		[
			'an output without address',
			inTasks({ output: [{ type: 'image' }] }),
			"tasks[].output[] must have required property 'url'",
		],
		[
			'expiry as a text',
			inTasks({ output: [{ url: 'https://x.example/a', type: 'image', expireAt: '2026-01-01' }] }),
			'tasks[].output[].expireAt must be',
		],
		[
			'a failure without reason',
			inTasks({ status: 'fail', output: undefined }),
			"tasks[] must have required property 'error'",
		],
		['a task without id', inTasks({ taskId: 7 }), 'tasks[].taskId must be string'],
		[
			'smaller pages',
			() =>
				simulator.script((request) =>
					request.query.size === '100' && request.pathname === '/v1/tasks'
						? successReply({ page: 1, size: 20, total: 0, tasks: [] })
						: undefined,
				),
			'size must be equal to constant: 100',
		],
		[
			'an error under HTTP 200',
			() => (simulator.switches.authEnvelope = 'E3'),
			'HTTP 401 or 403 was expected, HTTP 200 came',
		],
		[
			'a refusal that is a page',
			at('/v1/tasks/tk-hiapi-00000000000000000000000000', { status: 404, body: '<html>' }),
			'the answer must be object',
		],
		[
			'another status for a bad create',
			() =>
				simulator.script((request) =>
					request.method === 'POST' ? errorReply(422, 'nope') : undefined,
				),
			'HTTP 400 was expected, HTTP 422 came',
		],
		[
			'a code that is not the status',
			() =>
				simulator.script((request) =>
					request.method === 'POST' ? jsonReply(400, { code: 0, message: 'nope' }) : undefined,
				),
			'code must be equal to constant: 400',
		],
		[
			'another list of stored outputs',
			at('/v1/storages', successReply({ found: 3 })),
			"no list is found in 'data', which is object",
		],
		[
			'a catalogue without models',
			() => (simulator.switches.catalogueModelsJson = 'empty'),
			"'models' is empty",
		],
		[
			'a catalogue that is gone',
			() => (simulator.switches.catalogueModelsJson = 'unavailable'),
			'HTTP 200 was expected, HTTP 503 came',
		],
		[
			'a catalogue of another form',
			at('/docs/models.json', jsonReply(200, { models: [{ name: 'x', category: 'image' }] })),
			'no model of images, videos or audio can be read',
		],
		[
			'no schema',
			() => (simulator.switches.catalogueContent = 'empty'),
			"'data.input_schema' is nothing, not an object",
		],
		[
			'prices of another form',
			at(
				'/api/pricing',
				jsonReply(200, {
					data: [{ model_name: 'x', supported_endpoint_types: ['task'], output_type: 'image' }],
				}),
			),
			"1 of 1 models have no 'base_usd_value'",
		],
		[
			'no answer',
			() => simulator.fault({ path: '/api/pricing', action: { type: 'drop' } }),
			'no answer: ',
		],
	])('%s', async (_, spoil, difference) => {
		spoil();
		expect(differing(await check()).flatMap(({ why }) => why)).toContainEqual(
			expect.stringContaining(difference),
		);
	});
});

describe('npm run contract', () => {
	async function run(
		flags: string[],
		apiKey?: string,
	): Promise<{ code: number | null; output: string; errors: string }> {
		const { HIAPI_API_KEY: _own, ...environment } = process.env;
		const child = spawn(
			process.execPath,
			['--require', 'tsx/cjs', 'scripts/contract.cts', ...flags],
			{ cwd: ROOT, env: { ...environment, ...(apiKey && { HIAPI_API_KEY: apiKey }) } },
		);
		let [output, errors] = ['', ''];
		child.stdout.on('data', (chunk) => (output += chunk));
		child.stderr.on('data', (chunk) => (errors += chunk));
		return { code: await new Promise((resolve) => child.once('close', resolve)), output, errors };
	}

	it('prints a line per expectation and ends with 0', async () => {
		await fillAccount();
		const { code, output, errors } = await run(['--base-url', simulator.baseUrl], simulator.apiKey);
		expect([code, errors]).toEqual([0, '']);
		expect(output.match(/^ok {7}/gm)).toHaveLength(11);
		expect(output).toMatch(/\n11 as expected, 0 different, 0 not looked at\n$/);
		expect(output).not.toContain(simulator.apiKey);
	});

	it('ends with 1 and says what differs', async () => {
		const { code, output } = await run(['--base-url', simulator.origin], 'sk-wrong');
		expect(code).toBe(1);
		expect(output).toMatch(
			/^DIFFERS {2}GET \/v1\/tasks\?page=1&size=1 .*\n {10}HTTP 200 was expected, HTTP 401 came$/m,
		);
	});

	it('explains itself, and sends a key nowhere unprotected', async () => {
		expect((await run(['--help'])).output).toContain('--base-url');
		const refused = await run(['--base-url', 'http://api.example.com/v1'], 'sk-mine');
		expect([refused.code, refused.output]).toEqual([1, '']);
		expect(refused.errors).toContain('must start with https://');
	});
});
