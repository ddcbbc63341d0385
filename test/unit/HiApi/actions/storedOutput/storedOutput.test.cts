import fc from 'fast-check';

import { idText } from '../../../../../nodes/shared/values';
import {
	collectStored,
	matchesStored,
	parseStoredOutput,
	simplifyStoredOutput,
	storedOutputList,
} from '../../../../../nodes/HiApi/actions/storedOutput/storedOutput';
import { HiApiError } from '../../../../../nodes/shared/errors/apiError';

describe('one entry', () => {
	test.each([
		undefined,
		null,
		'text',
		[],
		{},
		{ id: '' },
		{ id: ' ' },
		{ id: {} },
		{ id: Number.NaN },
	])('%j is none', (value) => {
		expect(parseStoredOutput(value)).toBeUndefined();
	});

	test('an id is text, whether it came as digits or as a number', () => {
		expect([idText('12'), idText(12), idText(true)]).toEqual(['12', '12', undefined]);
	});

	test('is read under each of the names HiAPI uses', () => {
		const short = {
			id: '1',
			storage: 'temp',
			url: 'https://x/a.png',
			type: 'image',
			taskId: 'tk',
			model: 'm',
			fileName: 'a.png',
			createdAt: '2023-11-14T22:13:20.000Z',
			expiresAt: '2023-11-14T22:13:21.000Z',
		};
		const snake = {
			id: 1,
			storage_tier: 'temp',
			file_url: 'https://x/a.png',
			output_type: 'image',
			task_id: 'tk',
			model_name: 'm',
			file_name: 'a.png',
			created_at: 1_700_000_000,
			expires_at: 1_700_000_001,
		};
		const camel = {
			id: '1',
			storageTier: 'temp',
			fileUrl: 'https://x/a.png',
			outputType: 'image',
			taskId: 'tk',
			modelName: 'm',
			name: 'a.png',
			createdAt: 1_700_000_000,
			expireAt: 1_700_000_001,
		};
		for (const source of [snake, camel]) {
			const output = parseStoredOutput(source)!;
			expect(output.source).toBe(source);
			expect(simplifyStoredOutput(output)).toEqual(short);
		}
	});

	test('leaves out what HiAPI did not say', () => {
		expect(
			simplifyStoredOutput(
				parseStoredOutput({
					id: '1',
					storage: null,
					url: '',
					tier: 'persistent',
					created: 'nonsense',
				})!,
			),
		).toEqual({ id: '1', storage: 'persistent' });
	});
});

test.each([
	[[1], [1]],
	[{ storages: [2] }, [2]],
	[{ items: 'none', data: [3] }, [3]],
	[{ total: 0 }, undefined],
	['text', undefined],
])('the list in %j', (data, list) => {
	expect(storedOutputList(data)).toEqual(list);
});

test('an entry belongs to a task by its id, or else by its address', () => {
	const source = {};
	expect(matchesStored({ id: '1', source }, {})).toBe(true);
	expect(matchesStored({ id: '1', source, storage: 'temp' }, { storage: 'persistent' })).toBe(
		false,
	);
	expect(
		matchesStored(
			{ id: '1', source, taskId: 'tk', url: 'https://x/tasks/other/a.png' },
			{ taskId: 'tk' },
		),
	).toBe(true);
	expect(
		matchesStored({ id: '1', source, url: 'https://x/tasks/tk/a.png' }, { taskId: 'tk' }),
	).toBe(true);
	expect(
		matchesStored({ id: '1', source, url: 'https://x/tasks/tk-2/a.png' }, { taskId: 'tk' }),
	).toBe(false);
	expect(matchesStored({ id: '1', source }, { taskId: 'tk' })).toBe(false);
});

describe('all pages', () => {
	const tier = fc.constantFrom('temp', 'persistent');
	const account = fc.uniqueArray(fc.record({ id: fc.nat(500).map(String), storage: tier }), {
		selector: ({ id }) => id,
		maxLength: 40,
	});

	test('however the server cuts them: each wanted entry once, in order, up to the limit', async () => {
		await fc.assert(
			fc.asyncProperty(
				account,
				fc.integer({ min: 1, max: 9 }),
				fc.boolean(),
				fc.option(tier, { nil: undefined }),
				fc.integer({ min: 1, max: 50 }),
				async (entries, size, ignoresPage, storage, limit) => {
					const readPage = async (page: number) => {
						const shown = ignoresPage ? entries : entries.slice((page - 1) * size, page * size);
						// An entry that is none, and the last one again as when something new has pushed the pages on.
						const value = [
							null,
							...entries.slice((page - 1) * size - 1, (page - 1) * size),
							...shown,
						];
						return await Promise.resolve({ ok: true as const, value });
					};
					const wanted = entries.filter(
						(entry) => storage === undefined || entry.storage === storage,
					);
					const found = await collectStored(readPage, { storage }, limit);
					expect(found.map(({ id }) => id)).toEqual(wanted.slice(0, limit).map(({ id }) => id));
				},
			),
		);
	});

	test('throws when a page cannot be read', async () => {
		const failure = new HiApiError('gone', '');
		const readPage = async () => await Promise.resolve({ ok: false as const, failure });
		await expect(collectStored(readPage, {}, 1)).rejects.toBe(failure);
	});
});
