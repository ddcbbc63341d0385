import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { HiApiPollingTrigger } from '../../../nodes/HiApiPollingTrigger/HiApiPollingTrigger.node';
import { HiApiTrigger } from '../../../nodes/HiApiTrigger/HiApiTrigger.node';
import { fakePoll, pageOf, refusal, type PollSetup } from './fakePoll.cts';

const BOTH = ['task.success', 'task.fail'];
const trigger = new HiApiPollingTrigger();
const created = 1_700_000_000;
const task = (taskId: string, fields: object = {}) => ({
	taskId,
	model: 'm',
	status: 'success',
	created,
	completed: created + 5,
	output: [],
	...fields,
});

/** A trigger over several polls, with what n8n stores in between. */
function newTrigger(setup: Partial<PollSetup> = {}) {
	let tasks: object[] = [task('old')];
	let answer: PollSetup['answer'] = () => pageOf(tasks);
	const { context, executing, warnings, notices, requests, staticData } = fakePoll({
		...setup,
		parameters: { events: BOTH, simplify: true, maximumAge: 0, ...setup.parameters },
		answer: (url, query) => answer(url, query),
	});
	return {
		context,
		warnings,
		notices,
		requests,
		staticData,
		show: (...shown: object[]) => {
			tasks = shown;
			answer = () => pageOf(tasks);
		},
		answer: (with_: PollSetup['answer']) => {
			answer = with_;
		},
		poll: async () => await trigger.poll.call(context),
		fetchTestEvent: async () => await trigger.execute.call(executing),
	};
}

const ids = (output: INodeExecutionData[][] | null) => output?.[0].map(({ json }) => json.taskId);

test('starts nothing with what is old, then with each newly finished task', async () => {
	const { poll, show } = newTrigger();
	expect(await poll()).toBeNull();
	show(task('b', { status: 'fail', error: { code: 'X', message: 'no' } }), task('a'), task('old'));
	expect(await poll()).toEqual([
		[
			{
				json: expect.objectContaining({
					taskId: 'a',
					event: 'task.success',
					receivedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
				}) as IDataObject,
			},
			{
				json: expect.objectContaining({
					taskId: 'b',
					event: 'task.fail',
					failure: { code: 'X', message: 'no' },
				}) as IDataObject,
			},
		],
	]);
	expect(await poll()).toBeNull();
});

test.each([false, true])(
	'the log names the tasks that start the workflow, and no others (Download Outputs: %p)',
	async (downloadOutputs) => {
		const { poll, show, notices } = newTrigger({
			parameters: { events: 'task.success', downloadOutputs },
		});
		await poll();
		expect(notices).toEqual([]);
		const file = { output: [{ type: 'image', url: 'https://files.example.com/1.png' }] };
		show(task('a', file), task('b', { status: 'fail' }), task('old'));
		await poll();
		expect(notices).toEqual(['HiAPI Polling Trigger starts the workflow with 1 task: a']);
	},
);

test('a line of the log names a hundred tasks at most', async () => {
	const { poll, answer, notices } = newTrigger();
	await poll();
	const many = Array.from({ length: 250 }, (_, index) => task(`c${index}`));
	answer((_, { page }) => {
		const tasks = [...many, task('old')].slice((Number(page) - 1) * 100).slice(0, 100);
		return [200, { code: 200, message: 'success', data: { page, size: 100, total: 251, tasks } }];
	});
	expect(ids(await poll())?.length).toBe(250);
	expect(notices.map((line) => / (\d+ tasks): /.exec(line)?.[1])).toEqual([
		'100 tasks',
		'100 tasks',
		'50 tasks',
	]);
	const named = notices.flatMap((line) => line.split(': ')[1].split(', '));
	expect(named.sort()).toEqual(many.map(({ taskId }) => taskId).sort());
});

test('does not put a field named error into the item of a failed task, which n8n would take for a failed node', async () => {
	const { poll, show } = newTrigger({ parameters: { events: BOTH, simplify: false } });
	await poll();
	show(task('a', { status: 'fail', error: { code: 'X', message: 'no' } }), task('old'));
	const [[{ json }]] = (await poll()) as INodeExecutionData[][];
	expect(json).toMatchObject({ taskId: 'a', created, failure: { code: 'X', message: 'no' } });
	expect(json).not.toHaveProperty('error');
});

test('filters as the HiAPI Trigger does, one text instead of a list included', async () => {
	const { poll, show } = newTrigger({
		parameters: { events: 'task.success', filters: { models: 'gpt-*', routes: ['default'] } },
	});
	await poll();
	show(
		task('a', { model: 'GPT-image' }),
		task('b', { model: 'gpt-image@pro', route: 'pro' }),
		task('c'),
		task('d', { model: 'gpt-image', status: 'fail' }),
		task('old'),
	);
	expect(ids(await poll())).toEqual(['a']);
	expect(await poll()).toBeNull();
});

test.each([undefined, null, 'text'])('filters that are %p filter nothing', async (filters) => {
	const { poll, show } = newTrigger({ parameters: { events: BOTH, filters } });
	await poll();
	show(task('a'), task('old'));
	expect(ids(await poll())).toEqual(['a']);
});

test('stores its place as plain JSON, with the credential it belongs to and without a secret', async () => {
	const { poll, staticData } = newTrigger();
	await poll();
	expect(JSON.parse(JSON.stringify(staticData))).toEqual({
		place: {
			credentialId: 'c1',
			revision: expect.any(String) as string,
			watermark: created - 600,
			readTo: created,
			seenFinished: [['old', created]],
			pending: [],
			checkpoint: { at: expect.any(Number) as number, newest: created },
		},
	});
	expect(JSON.stringify(staticData)).not.toContain('sk-');
});

test('works without a stored credential id', async () => {
	const { poll, show, staticData } = newTrigger({ credentialId: null });
	await poll();
	show(task('a'), task('old'));
	expect(ids(await poll())).toEqual(['a']);
	expect(staticData.place).not.toHaveProperty('credentialId');
});

test('a place nobody can read is none: it starts anew', async () => {
	const { poll, show } = newTrigger({ staticData: { place: { watermark: 'here' } } });
	expect(await poll()).toBeNull();
	show(task('a'), task('old'));
	expect(ids(await poll())).toEqual(['a']);
});

describe('when HiAPI says no', () => {
	test('the first poll throws n8n’s error, so that publishing fails', async () => {
		const { poll, answer, staticData } = newTrigger();
		answer(() => refusal(401));
		await expect(poll()).rejects.toMatchObject({
			name: 'NodeApiError',
			httpCode: '401',
			message: expect.stringContaining('API key'),
		});
		expect(staticData).toEqual({});
	});

	test('a base URL that cannot be used is said, too', async () => {
		const { poll } = newTrigger({ credential: { baseUrl: 'nowhere' } });
		await expect(poll()).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining('Base URL'),
		});
	});

	test('later the first time is only logged, the second thrown, and nothing is lost', async () => {
		const { poll, answer, show, warnings, staticData } = newTrigger();
		await poll();
		const place = JSON.stringify(staticData);
		answer(() => refusal(403));
		expect(await poll()).toBeNull();
		expect(warnings).toEqual([
			expect.stringContaining('HiAPI Polling Trigger: The HiAPI account may not do this'),
		]);
		await expect(poll()).rejects.toMatchObject({
			httpCode: '403',
			description: expect.stringMatching(/\. \(HTTP 403.*\) No task is lost: .*\.$/) as string,
		});
		expect(JSON.stringify(staticData)).toBe(place);
		show(task('a'), task('old'));
		expect(ids(await poll())).toEqual(['a']);
	});

	test('in the middle: what was found goes out, and the log says that more is to come', async () => {
		const { poll, answer, warnings } = newTrigger();
		await poll();
		const many = Array.from({ length: 150 }, (_, index) =>
			task(`t${index}`, { created: created + 2_000 - index }),
		);
		const page = (number: number) => ({
			code: 200,
			data: { total: 151, tasks: [...many, task('old')].slice((number - 1) * 100, number * 100) },
		});
		answer((_url, { page: number }) => (number === 1 ? [200, page(1)] : refusal(400)));
		expect(ids(await poll())).toHaveLength(100);
		expect(warnings).toEqual([expect.stringContaining('the rest follows with the next poll')]);
		answer((_url, { page: number }) => [200, page(number as number)]);
		expect(ids(await poll())).toHaveLength(50);
		expect(await poll()).toBeNull();
	});
});

test('more tasks than one poll reads: the log and the first item name when the others were created', async () => {
	const { poll, answer, warnings, requests } = newTrigger();
	await poll();
	const total = 5_200;
	const many = Array.from({ length: total }, (_, index) =>
		task(`t${index}`, { created: created + 100_000 - index }),
	);
	answer((_url, { page: number }) => [
		200,
		{
			code: 200,
			data: {
				total: total + 1,
				tasks: [...many, task('old')].slice((Number(number) - 1) * 100, Number(number) * 100),
			},
		},
	]);
	const asked = requests.length;
	const [items] = (await poll()) as INodeExecutionData[][];
	expect(requests.length - asked).toBe(50);
	expect(items).toHaveLength(5_000);
	const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
	const warning = `tasks created between ${iso(created)} and ${iso(created + 100_000 - 4_999 + 1)} were not read, because there are more than 5,000 since the last poll; list them with Get Many`;
	expect(warnings).toEqual([`HiAPI Polling Trigger: ${warning}`]);
	expect(items.map(({ json }) => json.warning)).toEqual([
		warning,
		...(Array(4_999).fill(undefined) as undefined[]),
	]);
	expect(await poll()).toBeNull();
});

describe('Maximum Age (Hours)', () => {
	const hoursAgo = (hours: number) => Math.floor(Date.now() / 1000) - hours * 3_600;
	const ended = (taskId: string, hours: number) =>
		task(taskId, { created: hoursAgo(hours), completed: hoursAgo(hours) });
	const after = async (setup: Partial<PollSetup>, ...tasks: object[]) => {
		const trigger_ = newTrigger(setup);
		await trigger_.poll();
		trigger_.show(...tasks, task('old'));
		return { found: ids(await trigger_.poll()), warnings: trigger_.warnings };
	};

	test('by default a day: older tasks start nothing, and the log says how many', async () => {
		const parameters = { maximumAge: undefined };
		const { found, warnings } = await after(
			{ parameters },
			ended('new', 23),
			ended('a', 25),
			ended('b', 90),
		);
		expect(found).toEqual(['new']);
		expect(warnings).toEqual([expect.stringContaining('2 tasks started nothing')]);
	});

	test('0: any age', async () => {
		const { found, warnings } = await after({ parameters: { maximumAge: 0 } }, ended('a', 90));
		expect(found).toEqual(['a']);
		expect(warnings).toEqual([]);
	});

	test('what is no number of hours is said when the workflow is published', async () => {
		const { poll } = newTrigger({ parameters: { maximumAge: 'soon' } });
		await expect(poll()).rejects.toThrow("'Maximum Age (Hours)' is not a number at least 0");
	});
});

test('tells in the log how many unfinished tasks it had to forget', async () => {
	const staticData = {
		place: {
			watermark: 0,
			readTo: 0,
			seenFinished: [],
			pending: [['tk-old', 5]],
			credentialId: 'c1',
		},
	} as unknown as IDataObject;
	const { poll, answer, warnings } = newTrigger({ staticData });
	answer((url) =>
		url.endsWith('/tk-old')
			? [200, { code: 200, data: task('tk-old', { status: 'handling', created: 5 }) }]
			: pageOf([]),
	);
	expect(await poll()).toBeNull();
	expect(warnings).toEqual([expect.stringContaining('1 unfinished tasks were forgotten')]);
});

test('a poll while another one runs does nothing', async () => {
	const { poll, requests, show } = newTrigger();
	await poll();
	show(task('a'), task('old'));
	const outputs = await Promise.all([poll(), poll()]);
	expect(outputs.map(ids)).toEqual([['a'], undefined]);
	expect(requests).toHaveLength(2);
});

describe('when n8n gives it a place from before tasks were handed over', () => {
	const minutesLater = (minutes: number) => {
		for (const clock of [Date, performance])
			jest.spyOn(clock, 'now').mockReturnValue(clock.now() + minutes * 60_000);
	};
	afterEach(() => jest.restoreAllMocks());

	test.each([
		['', undefined],
		[
			' that holds no more than the place',
			{
				watermark: created - 600,
				seenFinished: [['old', created]],
				pending: [],
				credentialId: 'c1',
			},
		],
	])(
		'hands nothing over again, and all of it when n8n never stores the new place%s',
		async (_name, place) => {
			const { poll, show, staticData, requests } = newTrigger({
				staticData: { ...(place && { place: place as unknown as IDataObject }) },
			});
			await poll();
			const before = structuredClone(staticData);
			show(task('a'), task('old'));
			expect(ids(await poll())).toEqual(['a']);
			const after = structuredClone(staticData);
			show(task('b'), task('a'), task('old'));
			expect(ids(await poll())).toEqual(['b']);
			const asked = requests.length;
			for (const stale of [before, after]) {
				Object.assign(staticData, structuredClone(stale));
				expect(await poll()).toBeNull();
				expect(staticData).toEqual(stale);
			}
			expect(requests).toHaveLength(asked);
			minutesLater(1);
			expect(ids(await poll())).toEqual(['b']);
		},
	);

	test('an old copy of the workflow, restored over the live one: each task still once', async () => {
		const { poll, show, staticData } = newTrigger();
		await poll();
		const copy = structuredClone(staticData);
		show(task('a'), task('old'));
		expect(ids(await poll())).toEqual(['a']);
		expect(await poll()).toBeNull();
		minutesLater(10);
		Object.assign(staticData, copy);
		show(task('b'), task('a'), task('old'));
		expect(ids(await poll())).toEqual(['b']);
	});

	test('a trigger whose place is gone starts anew at once', async () => {
		const { poll, show, staticData, requests } = newTrigger();
		await poll();
		show(task('a'), task('old'));
		await poll();
		delete staticData.place;
		expect(await poll()).toBeNull();
		expect(requests).toHaveLength(3);
		show(task('b'), task('a'), task('old'));
		expect(ids(await poll())).toEqual(['b']);
	});
});

test('stops reading in the time n8n gives it', async () => {
	const { poll, requests, warnings } = newTrigger({ budgetMilliseconds: 0 });
	await poll();
	expect(requests).toEqual([]);
	expect(warnings).toEqual([expect.stringContaining('the time for one poll was over')]);
});

describe('in the editor', () => {
	test('shows the ten latest finished tasks and touches nothing', async () => {
		const { fetchTestEvent, show, staticData } = newTrigger({ mode: 'manual' });
		show(
			task('running', { status: 'handling' }),
			...Array.from({ length: 12 }, (_, index) => task(`t${index}`)),
		);
		expect(ids(await fetchTestEvent())).toEqual(
			Array.from({ length: 10 }, (_, index) => `t${index}`),
		);
		expect(staticData).toEqual({});
	});

	test('looks through three pages and then says that there is none', async () => {
		const { fetchTestEvent, answer, requests } = newTrigger({ mode: 'manual' });
		const tasks = Array.from({ length: 100 }, (_, index) =>
			task(`t${index}`, { status: 'queued' }),
		);
		answer(() => [200, { code: 200, data: { total: 1_000, tasks } }]);
		await expect(fetchTestEvent()).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: 'No finished task matches',
		});
		expect(requests).toHaveLength(3);
	});

	test('says why HiAPI cannot be asked', async () => {
		const { fetchTestEvent, answer } = newTrigger({ mode: 'manual' });
		answer(() => refusal(401));
		await expect(fetchTestEvent()).rejects.toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});
});

describe('the description', () => {
	const { description } = trigger;

	test('is that of a poller, and has the HiAPI Trigger’s words for the same things', () => {
		expect(description).toMatchObject({
			polling: true,
			inputs: [],
			credentials: [{ name: 'hiApiApi', required: true }],
		});
		const other = new HiApiTrigger().description;
		for (const name of ['events', 'simplify', 'downloadOutputs']) {
			expect(description.properties.find((property) => property.name === name)).toEqual(
				other.properties.find((property) => property.name === name),
			);
		}
		const filtersOf = ({ properties }: typeof description) =>
			properties.find(({ name }) => name === 'filters')?.options;
		expect(filtersOf(description)).toEqual(filtersOf(other));
		expect([description.icon, description.subtitle]).toEqual([other.icon, other.subtitle]);
	});
});
