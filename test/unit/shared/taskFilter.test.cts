import fc from 'fast-check';

import { parseTask, type Task } from '../../../nodes/shared/api/task';
import { eventOf, select, type Subscription } from '../../../nodes/shared/taskFilter';

const task = (fields: object): Task => parseTask({ taskId: 'tk-1', ...fields }) as Task;
const all: Subscription = { events: ['task.success', 'task.fail'], models: [], routes: [] };

const whyUnwanted = (candidate: Task, subscription: Subscription) => {
	const selection = select(candidate, subscription);
	return selection.wanted ? undefined : selection.reason;
};

test.each([
	['success', 'task.success'],
	['succeeded', 'task.success'],
	['fail', 'task.fail'],
	['cancelled', 'task.fail'],
	['archiving', undefined],
	['some new word', undefined],
])('a task with status %s is the event %s', (status, event) => {
	expect(eventOf(task({ status }))).toBe(event);
});

describe('events', () => {
	test.each([
		['success', ['task.success'], undefined],
		['success', ['task.fail'], 'event'],
		['fail', ['task.fail'], undefined],
		['fail', ['task.success'], 'event'],
		['fail', [], 'event'],
		['handling', ['task.success', 'task.fail'], 'unfinished'],
	])('%s with %j: %s', (status, events, reason) => {
		expect(whyUnwanted(task({ status }), { ...all, events })).toBe(reason);
	});
});

describe('models', () => {
	const wants = (model: string, models: string[]) =>
		whyUnwanted(task({ status: 'success', model }), { ...all, models }) === undefined;

	test.each([
		['seedance-2-0', ['seedance-2-0']],
		['seedance-2-0', ['other', 'seedance-2-0']],
		['Nano-Banana-2', [' nano-banana-2 ']],
		['wan2.7-video/text-to-video', ['wan2.7-*']],
		['wan2.7-video/text-to-video', ['*/text-to-video']],
		['wan2.7-video/text-to-video', ['*video*video']],
		['gpt-image-2/text-to-image@pro', ['gpt-image-2/text-to-image']],
		['gpt-image-2/text-to-image@pro', ['gpt-image-2/text-to-image@pro']],
		['gpt-image-2/text-to-image@pro', ['*@pro']],
		['anything', ['*']],
		['anything', ['', '  ']],
		['', ['*']],
	])('%s is wanted by %j', (model, models) => {
		expect(wants(model, models)).toBe(true);
	});

	test.each([
		['seedance-2-0', ['seedance']],
		['seedance-2-0', ['*seedance']],
		['seedance-2-0', ['x*']],
		['seedance-2-0', ['*x*0']],
		['ab', ['ab*b']],
		['aba', ['ab*ba']],
		['wan2x7', ['wan2.7']],
		['gpt-image-2/text-to-image', ['gpt-image-2/text-to-image@pro']],
		['gpt-image-2/text-to-image@beta', ['gpt-image-2/text-to-image@pro']],
		['', ['seedance-2-0']],
	])('%s is not wanted by %j', (model, models) => {
		expect(whyUnwanted(task({ status: 'success', model }), { ...all, models })).toBe('model');
	});

	test('patterns mean the same as the regular expression they look like', () => {
		const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
		fc.assert(
			fc.property(letters, letters, (pattern, text) => {
				const model = text.replaceAll('*', '.');
				const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
				fc.pre(pattern !== '');
				expect(wants(model, [pattern])).toBe(expression.test(model));
			}),
			{ numRuns: 5_000 },
		);
	});

	test('a hostile pattern takes no time', () => {
		const started = Date.now();
		expect(wants('a'.repeat(50_000), [`${'*a'.repeat(5_000)}*b`])).toBe(false);
		expect(Date.now() - started).toBeLessThan(20_000);
	});
});

describe('routes', () => {
	test.each([
		[{ model: 'm' }, ['default'], undefined],
		[{ model: 'm' }, ['pro'], 'route'],
		[{ model: 'm@pro', route: 'pro' }, ['pro'], undefined],
		[{ model: 'm@pro' }, ['PRO'], undefined],
		[{ model: 'm@pro' }, ['default'], 'route'],
		[{ model: 'm@pro', route: 'pro' }, ['beta', ''], 'route'],
		[{ model: 'm@pro', route: 'pro' }, [' '], undefined],
		[{ model: 'm@' }, ['default'], undefined],
	])('%j with %j: %s', (fields, routes, reason) => {
		expect(whyUnwanted(task({ status: 'success', ...fields }), { ...all, routes })).toBe(reason);
	});
});
