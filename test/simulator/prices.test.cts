import fc from 'fast-check';
import type { CatalogAccess } from '../../nodes/HiApi/models/catalogCache';
import { ModelCatalog } from '../../nodes/HiApi/models/modelCatalog';
import { addExactly } from '../../nodes/HiApi/models/usd';
import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { listedModels, models, type JsonSchema } from '../../simulator/models/index.cts';
import { call } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ taskSeconds: 10 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

/** The package's own reading of a catalogue that lies at an address. */
function estimator(origin: string) {
	const catalog = new ModelCatalog();
	const access: CatalogAccess = {
		baseUrl: origin,
		fetchJson: async (url) => await (await fetch(url)).json(),
		now: () => Date.now(),
	};
	return async (model: string, input: Record<string, unknown>) =>
		await catalog.estimate(access, model, '', input);
}

async function buy(model: string, input: Record<string, unknown>) {
	const answer = await call(simulator, 'POST', '/v1/tasks', { body: { model, input } });
	return answer.status === 200 ? simulator.tasks.at(-1) : undefined;
}

/** Values of a field that the schema allows. */
function valueOf(property: JsonSchema): fc.Arbitrary<unknown> {
	if (Array.isArray(property.enum)) return fc.constantFrom(...(property.enum as unknown[]));
	if (property.type === 'boolean') return fc.boolean();
	if (property.type === 'integer')
		return fc.integer({
			min: (property.minimum as number | undefined) ?? 1,
			max: (property.maximum as number | undefined) ?? 5000,
		});
	if (property.type === 'number') return fc.double({ min: 0, max: 2, noNaN: true });
	if (property.type === 'array') return fc.constant(['https://example.com/a.png']);
	if (property.format === 'uri') return fc.constant('https://example.com/a.png');
	return fc.constantFrom('a quiet lake', 'a loud city at night');
}

function inputOf(schema: JsonSchema | null): fc.Arbitrary<Record<string, unknown>> {
	const properties = Object.entries((schema?.properties ?? {}) as Record<string, JsonSchema>);
	const required = (schema?.required ?? []) as string[];
	const values = properties.map(([name, property]) =>
		required.includes(name)
			? valueOf(property)
			: fc.oneof(valueOf(property), fc.constant(undefined)),
	);
	return fc
		.tuple(...values)
		.map((list) =>
			Object.fromEntries(
				properties
					.map(([name], index): [string, unknown] => [name, list[index]])
					.filter(([, value]) => value !== undefined),
			),
		);
}

/** Rows that HiAPI's own clients would refuse, too: whatever the input, there is no estimate. */
const NEVER = [
	'gpt-image-2/text-to-image@beta',
	'qwen-image-2.0',
	'gpt-image-2.5-sunburst@pro',
	'wan2.7-video/text-to-video',
	'qwen-audio-3.0-tts-plus',
];

/** All others have a plain price, like z-image, or one by the second. */
const own = listedModels().filter(({ model }) => models.includes(model));

describe.each(own.map(({ name, schema }) => [name, schema] as const))('%s', (name, schema) => {
	it('is charged what was estimated, wherever there is an estimate', async () => {
		const estimate = estimator(simulator.origin);
		let bought = 0;
		let estimated = 0;
		await fc.assert(
			fc.asyncProperty(inputOf(schema), fc.boolean(), async (input, seesDefaults) => {
				simulator.switches.priceRulesSeeDefaults = seesDefaults;
				const task = await buy(name, input);
				// a pair of fields that the model does not take together
				if (task === undefined) return;
				bought += 1;
				const cost = await estimate(name, input);
				expect(task.estimateUsd).toBeGreaterThan(0);
				if ('reason' in cost) return;
				estimated += 1;
				expect(cost.usd).toBe(task.estimateUsd);
			}),
			{ numRuns: 40 },
		);
		expect(bought).toBeGreaterThan(10);
		if (NEVER.includes(name)) expect(estimated).toBe(0);
		else expect(estimated).toBeGreaterThan(bought / 10);
	});
});

it.each([
	['gpt-image-2.5-flare/text-to-image', { prompt: 'a', resolution: '4K' }, 0.12],
	['gpt-image-2.5-flare', { prompt: 'a', quality: 'low' }, 0.0172],
	['gpt-image-2.5-flare@pro', { prompt: 'a' }, 0.0672],
	['seedance-2.0', { prompt: 'a sea', duration: 7, resolution: '1080p' }, 1.26],
	['seedance-2.0', { prompt: 'a sea' }, 0.5],
	['happyhorse-1.1/text-to-video', { prompt: 'a', resolution: '720p', duration: 3 }, 0.42],
	['happyhorse-1-0', { prompt: 'a' }, 0.5],
	['kling-3.0-omni/text-to-video', { prompt: 'a', duration: 6 }, 0.6],
	['veo-3.1/text-to-video', { prompt: 'a', duration: 4 }, 0.4],
	['minimax-music-2.6', { prompt: 'a' }, 0.21],
	['gpt-image-2/text-to-image@ext', { prompt: 'a', resolution: '1K', quality: 'low' }, 0.07],
])('%s %j costs $%d', async (model, input, usd) => {
	const estimate = estimator(simulator.otherOrigin);
	expect(await estimate(model, input)).toMatchObject({ usd });
	const task = await call(simulator, 'POST', '/v1/tasks', {
		body: model === 'gpt-image-2.5-flare' ? { model, route: 'pro', input } : { model, input },
	});
	expect([task.status, simulator.tasks[0].estimateUsd]).toEqual([200, usd]);
});

it.each([
	['gpt-image-2/text-to-image@ext', { prompt: 'a', resolution: '1K', quality: 'high' }, 0.7],
	['gpt-image-2/text-to-image@beta', { prompt: 'a' }, 0.02],
	['qwen-image-2.0', { prompt: 'a', seed: 5000 }, 0.04],
	['gpt-image-2.5-sunburst@pro', { prompt: 'a' }, 0.09],
	['wan2.7-video/text-to-video', { prompt: 'a', duration: 4 }, 0.4],
	['wan2.7-video/text-to-video@pro', { prompt: 'a' }, 0.75],
	['qwen-audio-3.0-tts-plus', { text: 'a'.repeat(500) }, 0.02],
	['seedance-2.0', { prompt: 'a sea', reference_video_urls: ['https://example.com/a.mp4'] }, 1],
])('%s %j is charged, too, and not estimated', async (model, input, usd) => {
	expect(await estimator(simulator.origin)(model, input)).toHaveProperty('reason');
	expect((await buy(model, input))?.estimateUsd).toBe(usd);
});

it('spends the sum of what has succeeded, and shows it', async () => {
	const input = { prompt: 'a', resolution: '4K' };
	simulator.plan({ outcome: 'fail' }, { prompt: 'b' });
	for (const prompt of ['a', 'a', 'b']) {
		const task = await buy('gpt-image-2.5-flare/text-to-image', { ...input, prompt });
		expect(task?.estimateUsd).toBe(0.12);
	}
	expect(simulator.spentUsd).toBe(0);
	simulator.advance(11);
	expect(simulator.spentUsd).toBe(addExactly([0.12, 0.12]));
	const state = await call(simulator, 'GET', '/_simulator', { key: null });
	expect(state.json).toMatchObject({ purchases: 3, spentUsd: 0.24 });
	const { tasks } = (await call(simulator, 'GET', '/_simulator/tasks', { key: null })).json;
	expect(tasks.map((task: any) => [task.estimateUsd, task.chargedUsd])).toEqual([
		[0.12, 0.12],
		[0.12, 0.12],
		[0.12, 0],
	]);
});
