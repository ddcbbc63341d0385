import { itemsOf } from '../../scripts/n8n/runData.cts';
import { describeInBrowser, useEditor } from './support/browser.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';
import { HIAPI, hiApiNode, workflowOf } from './support/workflows.cts';

const lab = useLab();

interface MapperField {
	id: string;
	type: string;
	required: boolean;
	removed?: boolean;
	options?: Array<{ value: unknown }>;
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** The lab's credential with the simulator's model catalogue. */
async function credentialWithCatalogue(): Promise<{ id: string; name: string }> {
	return await lab.n8n.createCredential(
		'hiApiApi',
		{ ...lab.credentialData(), catalogUrl: lab.simulator.origin },
		'HiAPI with catalogue',
	);
}

/** What the editor asks n8n for when a list or the fields of a model are to be shown. */
async function ask<T>(
	kind: string,
	methodName: string,
	path: string,
	parameters: object,
	more: object = {},
): Promise<T> {
	return await lab.n8n.rest<T>('POST', `/dynamic-node-parameters/${kind}`, {
		nodeTypeAndVersion: { name: 'n8n-nodes-hiapi.hiApi', version: 1 },
		path,
		methodName,
		currentNodeParameters: { resource: 'task', operation: 'runAndWait', ...parameters },
		credentials: { hiApiApi: await credentialWithCatalogue() },
		...more,
	});
}

async function modelList(filter?: string): Promise<Array<{ name: string; value: string }>> {
	const answer = await ask<{ results: Array<{ name: string; value: string }> }>(
		'resource-locator-results',
		'searchModels',
		'parameters.model',
		{},
		{ filter },
	);
	return answer.results;
}

async function modelFields(model: string, options: object = {}): Promise<MapperField[]> {
	const answer = await ask<{ fields: MapperField[] }>(
		'resource-mapper-fields',
		'getModelInputFields',
		'parameters.fields',
		{ model: byId(model), options },
	);
	return answer.fields;
}

describe('what the editor shows', () => {
	lab.test('a searchable list of models', async () => {
		const all = await modelList();
		expect(all.length).toBeGreaterThan(10);
		const videos = await modelList('video happyhorse');
		expect(videos.map(({ value }) => value)).toContain('happyhorse-1.1/text-to-video');
		expect(videos.length).toBeLessThan(all.length);
	});

	lab.test('the fields of the chosen model, required ones first, with its choices', async () => {
		const fields = await modelFields('happyhorse-1.1/text-to-video');
		expect(fields.map(({ id }) => id).sort()).toEqual(['aspect_ratio', 'duration', 'resolution']);
		expect(fields.find(({ id }) => id === 'duration')?.type).toBe('number');
		expect(
			fields.find(({ id }) => id === 'resolution')?.options?.map(({ value }) => value),
		).toEqual(['720p', '1080p']);
	});

	lab.test('other fields on another route', async () => {
		const ids = async (options: object) =>
			(await modelFields('gpt-image-2/text-to-image', options)).map(({ id }) => id);
		expect(await ids({})).toContain('background');
		const ext = await ids({ route: 'ext' });
		expect(ext).toEqual(expect.arrayContaining(['resolution', 'quality']));
		expect(ext).not.toContain('background');
	});

	lab.test('the bundled list and fields while the catalogue is down', async () => {
		Object.assign(lab.simulator.switches, {
			catalogueModelsJson: 'unavailable',
			catalogueContent: 'unavailable',
			cataloguePricing: 'unavailable',
		});
		expect((await modelList('seedream')).length).toBeGreaterThan(0);
		expect(
			(await modelFields('seedream-5.0-pro/text-to-image'))
				.filter(({ required }) => required)
				.map(({ id }) => id),
		).toEqual(expect.arrayContaining(['aspect_ratio', 'quality']));
	});
});

lab.test('an agent or a person can ask for models first: Get Many, then Get', async () => {
	const credential = await credentialWithCatalogue();
	const list = await lab.run(
		workflowOf(
			hiApiNode(credential, {
				resource: 'model',
				operation: 'getAll',
				returnAll: true,
				filters: { kind: 'video' },
			}),
		),
	);
	expect(itemsOf(list.data, HIAPI).map(({ json }) => json.model)).toContain(
		'happyhorse-1.1/text-to-video',
	);
	const one = await lab.run(
		workflowOf(
			hiApiNode(credential, {
				resource: 'model',
				operation: 'get',
				model: byId('happyhorse-1.1/text-to-video'),
			}),
		),
	);
	expect(itemsOf(one.data, HIAPI)[0].json).toMatchObject({ source: 'live', kind: 'video' });
	expect(lab.simulator.purchases).toBe(0);
});

describeInBrowser('in a browser', () => {
	const inEditor = useEditor(lab);

	lab.test('a field picked in the panel is sent, and changing the model drops it', async () => {
		const hiApi = hiApiNode(await credentialWithCatalogue(), {
			operation: 'runAndWait',
			model: byId('happyhorse-1.1/text-to-video'),
			prompt: 'a calm sea',
			inputMode: 'fields',
			options: {},
		});
		const workflow = workflowOf(hiApi);
		const spread = workflow.nodes.map((each, index) => ({
			...each,
			position: [index * 220, 0] as [number, number],
		}));
		const { id } = await lab.n8n.createWorkflow({ ...workflow, nodes: spread });
		await inEditor(async (editor) => {
			const { page } = editor;
			const mapper = page.locator('[data-test-id="resource-mapper-container"]');
			await editor.showWorkflow(id, HIAPI);
			await editor.openNode(HIAPI);
			await mapper.getByText('field', { exact: false }).first().waitFor({ timeout: 20_000 });
			await mapper
				.locator('[data-test-id="add-fields-select"]')
				.locator('button, input')
				.first()
				.click();
			const choices = page.locator(
				'.el-select-dropdown__item:visible, [role="menuitem"]:visible, [role="option"]:visible',
			);
			await choices.filter({ hasText: 'Duration' }).first().waitFor();
			const offered = await choices.allInnerTexts();
			expect(
				offered.filter((text) => /^(Aspect Ratio|Duration|Resolution)/.test(text)),
			).toHaveLength(3);
			await choices.filter({ hasText: 'Duration' }).first().click();
			await editor.settle();
			await page.locator('[data-test-id="parameter-input-duration"] input').fill('6');
			await page.keyboard.press('Tab');
			await page.locator('[data-test-id="node-execute-button"]').first().click();
			await page.getByText('1 HiAPI task: 1 succeeded').first().waitFor({ timeout: 30_000 });

			await page
				.locator('[data-test-id="parameter-input-model"] input[data-test-id="rlc-input"]')
				.first()
				.fill('gpt-image-2/text-to-image@ext');
			await page.keyboard.press('Tab');
			await mapper.getByText('Quality').first().waitFor({ timeout: 20_000 });
			await editor.settle();
			await page.locator('[data-test-id="node-execute-button"]').first().click();
			await until(() => lab.simulator.purchases === 2);
			expect(lab.simulator.tasks.map(({ requestBody }) => requestBody)).toEqual([
				{ model: 'happyhorse-1.1/text-to-video', input: { prompt: 'a calm sea', duration: 6 } },
				{
					model: 'gpt-image-2/text-to-image@ext',
					input: {
						prompt: 'a calm sea',
						resolution: '1K',
						quality: expect.any(String) as string,
					},
				},
			]);
		});
	});
});
