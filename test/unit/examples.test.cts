import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import {
	nodeNameToToolName,
	NodeHelpers,
	type INode,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeType,
} from 'n8n-workflow';

import { HiApi } from '../../nodes/HiApi/HiApi.node';
import { HiApiPollingTrigger } from '../../nodes/HiApiPollingTrigger/HiApiPollingTrigger.node';
import { HiApiTrigger } from '../../nodes/HiApiTrigger/HiApiTrigger.node';
import { modelCatalog } from '../../nodes/HiApi/models/modelCatalog';
import { findPurpose } from '../../nodes/HiApi/models/purposes';
import { findSnapshotModel } from '../../nodes/HiApi/models/snapshot';
import { settingChoices } from '../../nodes/HiApi/models/usualSettings';
import { isRecord } from '../../nodes/shared/values';
import { buysTasks, readExamples } from '../../scripts/demo/examples.cts';
import type { WorkflowNode } from '../../scripts/n8n/client.cts';

const FOLDER = join(__dirname, '..', '..', 'examples');
const README = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const START_PAGE = readFileSync(join(FOLDER, '..', 'README.md'), 'utf8');
const OUR_PACKAGE = 'n8n-nodes-hiapi.';
const STICKY = 'n8n-nodes-base.stickyNote';
/** What n8n proposes as the name of a credential, so that an import finds the newcomer's own. */
const PLACEHOLDERS: Record<string, string> = {
	hiApiApi: 'HiAPI account',
	httpBearerAuth: 'Bearer Auth account',
	openAiApi: 'OpenAI account',
	smtp: 'SMTP account',
	telegramApi: 'Telegram account',
};
/** What is known about models without asking HiAPI. */
const BUNDLED = { baseUrl: undefined, fetchJson: async () => undefined, now: () => 0 };
/** Room that a node takes on the canvas with its name, and room between. In n8n's units, which are pixels at 100 %. */
const NODE = { width: 96, height: 150, agentWidth: 256 };

const types: Record<string, INodeType> = {
	hiApi: new HiApi(),
	hiApiTool: new HiApi(),
	hiApiTrigger: new HiApiTrigger(),
	hiApiPollingTrigger: new HiApiPollingTrigger(),
};
const examples = readExamples(FOLDER);
const textOf = (name: string) => readFileSync(join(FOLDER, `${name}.json`), 'utf8');
const isOurs = ({ type }: WorkflowNode) => type.startsWith(OUR_PACKAGE);
const typeOf = ({ type }: WorkflowNode): INodeType | undefined =>
	types[type.slice(OUR_PACKAGE.length)];
const isExpression = (value: unknown) => typeof value === 'string' && value.startsWith('=');
const stickies = (nodes: WorkflowNode[]) => nodes.filter(({ type }) => type === STICKY);

/** Names and values in a node that its description does not know, as paths. */
function unknownIn(values: Record<string, unknown>, shown: INodeProperties[], path = ''): string[] {
	return Object.entries(values).flatMap(([name, value]) => {
		const properties = shown.filter((property) => property.name === name);
		return properties.length === 0
			? [`${path}${name}`]
			: properties.flatMap((property) => unknownValue(property, value, `${path}${name}`));
	});
}

function unknownValue(
	{ type, options = [], modes, typeOptions }: INodeProperties,
	value: unknown,
	path: string,
): string[] {
	const known = new Set((options as INodePropertyOptions[]).map((option) => option.value));
	const wrong = `${path}: ${JSON.stringify(value)}`;
	// what n8n reads from the model when the panel opens
	if (typeOptions?.loadOptionsMethod !== undefined) return [];
	if (type === 'options')
		return known.size === 0 || known.has(value as string) || isExpression(value) ? [] : [wrong];
	if (type === 'multiOptions')
		return Array.isArray(value) && value.every((one) => known.has(one as string)) ? [] : [wrong];
	if (type === 'boolean' || type === 'number')
		return typeof value === type || isExpression(value) ? [] : [wrong];
	if (type === 'resourceLocator')
		return isRecord(value) && modes?.some(({ name }) => name === value.mode) ? [] : [wrong];
	if (type === 'collection')
		return unknownIn(value as Record<string, unknown>, options as INodeProperties[], `${path}.`);
	if (type === 'fixedCollection') {
		return Object.entries(value as Record<string, unknown>).flatMap(([group, rows]) => {
			const collection = (options as INodePropertyCollection[]).find(({ name }) => name === group);
			if (collection === undefined) return [`${path}.${group}`];
			return [rows]
				.flat()
				.flatMap((row) =>
					unknownIn(row as Record<string, unknown>, collection.values, `${path}.${group}.`),
				);
		});
	}
	return [];
}

/** The corners of what a node covers on the canvas. */
function boxOf({ type, position: [left, top], parameters }: WorkflowNode) {
	const isAgent = type.endsWith('.agent');
	const width = type === STICKY ? Number(parameters.width) : isAgent ? NODE.agentWidth : NODE.width;
	const height = type === STICKY ? Number(parameters.height) : NODE.height;
	return { left, top, right: left + width, bottom: top + height };
}

function overlap(one: WorkflowNode, other: WorkflowNode): boolean {
	const [a, b] = [boxOf(one), boxOf(other)];
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

test('examples/README.md has a row for each file, with its picture and what to change', () => {
	const names = examples.map(({ name }) => name);
	expect(names).toEqual(
		expect.arrayContaining([
			'ai-agent',
			'approve-before-buying',
			'form-to-picture',
			'mcp-server',
			'narrated-post',
			'product-photo-to-clip',
			'scheduled-batch',
			'storyboard',
			'suspended-wait',
			'sweeper-for-missed-callbacks',
			'task-complete-automation',
			'telegram-bot',
		]),
	);
	expect(readdirSync(FOLDER).sort()).toEqual(
		['README.md', ...names.map((name) => `${name}.json`)].sort(),
	);
	const rows = README.split('\n').filter((line) => line.startsWith('| '));
	const pictures = readdirSync(join(FOLDER, '..', 'docs', 'images'));
	for (const name of names) {
		const found = rows.filter((row) => row.includes(`](${name}.json)`));
		expect(found).toHaveLength(1);
		expect(found[0].split('|').filter((cell) => cell.trim().length > 10)).toHaveLength(3);
		expect(START_PAGE).toContain(`(examples/${name}.json)`);
		if (name.startsWith('run-and-wait-')) continue;
		expect(README).toContain(`(../docs/images/example-${name}.png)`);
		expect(pictures).toContain(`example-${name}.png`);
	}
});

test('the checks below see what is wrong', () => {
	const { properties } = types.hiApi.description;
	expect(
		unknownIn({ operation: 'nonsense', colour: 1, options: { maximumTask: 3 } }, properties),
	).toEqual(expect.arrayContaining(['operation: "nonsense"', 'colour', 'options.maximumTask']));
	expect(
		unknownIn(
			{ pollTimes: { item: [{}] }, events: ['task.ended'] },
			types.hiApiTrigger.description.properties,
		),
	).toEqual(['pollTimes', 'events: ["task.ended"]']);
});

describe.each(examples)('$name', ({ name, workflow }) => {
	const { nodes, connections } = workflow;

	test('says what it is in its name and explains itself on sticky notes, in words of its own nodes', () => {
		expect(workflow.name).toMatch(/^HiAPI: /);
		const texts = stickies(nodes).map(({ parameters }) => String(parameters.content));
		expect(texts[0]).toMatch(/^## /);
		expect(texts.join('\n')).toContain('HiAPI API* credential');
		expect(texts.join('\n')).toMatch(/buys|Miss no finished task/);
		const known = new Set(nodes.map((node) => node.name));
		for (const text of texts) {
			const named = [...text.matchAll(/\*\*([A-Z][^*]*?)\*\*/g)].map(([, bold]) => bold);
			const others = [
				'Idempotency Key',
				'Maximum Tasks',
				'Production URL',
				'Timeout',
				'Wait for Completion',
				'To swap:',
			];
			expect(
				named.filter((bold) => !known.has(bold) && !others.includes(bold) && !bold.endsWith('.')),
			).toEqual([]);
		}
	});

	test('has unique names and ids, and connections between nodes that exist', () => {
		const names = nodes.map((node) => node.name);
		expect(new Set(names).size).toBe(names.length);
		const ids = [...textOf(name).matchAll(/"id": "([0-9a-f-]{36})"/g)].map(([, id]) => id);
		expect(ids.length).toBeGreaterThanOrEqual(nodes.length);
		expect(new Set(ids).size).toBe(ids.length);
		const targets = Object.values(connections).flatMap((kinds) => Object.values(kinds).flat(2));
		for (const one of [...Object.keys(connections), ...targets.map((target) => target?.node)])
			expect(names).toContain(one);
		const reached = new Set([
			...Object.keys(connections),
			...targets.map((target) => target?.node),
		]);
		expect(nodes.filter((node) => node.type !== STICKY && !reached.has(node.name))).toEqual([]);
	});

	test('refers in expressions to nodes that exist', () => {
		const referred = [...textOf(name).matchAll(/\$\('([^']+)'\)/g)].map(([, node]) => node);
		for (const node of referred) expect(nodes.map((one) => one.name)).toContain(node);
	});

	test('carries nothing of an installation: no pinned data, credential, address, instance or version', () => {
		expect(Object.keys(workflow).sort()).toEqual([
			'connections',
			'name',
			'nodes',
			'pinData',
			'settings',
		]);
		expect(workflow.pinData).toEqual({});
		for (const { credentials = {} } of nodes) {
			for (const [type, credential] of Object.entries(credentials))
				expect(credential).toEqual({ id: '', name: PLACEHOLDERS[type] });
		}
		for (const node of nodes.filter(isOurs))
			expect(Object.keys(node.credentials ?? {})).toEqual(['hiApiApi']);
		expect(textOf(name)).not.toMatch(/sk-|tk-hiapi-|127\.0\.0\.1|localhost|https?:\/\//);
	});

	test.each(nodes.filter(isOurs))('node "$name" fits the description of its type', (node) => {
		const type = typeOf(node);
		expect(type).toBeDefined();
		const { description } = type!;
		expect([description.version].flat()).toContain(node.typeVersion);
		const { pollTimes, ...parameters } = node.parameters;
		expect(pollTimes !== undefined).toBe(description.polling === true);
		const complete = NodeHelpers.getNodeParameters(
			description.properties,
			parameters as INode['parameters'],
			true,
			false,
			node as INode,
			description,
		)!;
		const shown = description.properties.filter((property) =>
			NodeHelpers.displayParameter(complete, property, node as INode, description, complete),
		);
		expect(unknownIn(parameters, shown)).toEqual([]);
		const issues = NodeHelpers.getNodeParametersIssues(
			description.properties,
			{ ...node, parameters: complete } as INode,
			description,
		);
		// left to the newcomer, and marked red by n8n until it is filled in
		const leftOpen =
			node.name === 'Create tasks'
				? { callbackUrl: ['Parameter "Callback URL" is required.'] }
				: undefined;
		expect(issues?.parameters).toEqual(leftOpen);
	});

	test('buys from models of the bundled list, with fields and settings they have', async () => {
		for (const { parameters } of nodes.filter((node) => isOurs(node) && buysTasks(node))) {
			const model = findSnapshotModel(String((parameters.model as { value: string }).value))!;
			expect(model.status).toBe('current');
			const fields =
				parameters.inputMode === 'json'
					? JSON.parse(String(parameters.input))
					: ((parameters.fields as { value: object } | undefined)?.value ?? {});
			expect(Object.keys(model.inputSchema?.properties as object)).toEqual(
				expect.arrayContaining(Object.keys(fields as object)),
			);
			const purpose = findPurpose(parameters.resource, parameters.operation);
			if (purpose === undefined) continue;
			expect(model.modes.some((mode) => purpose.modes.includes(mode))).toBe(true);
			const input = await modelCatalog.modelInput(BUNDLED, model.id);
			for (const setting of purpose.settings.filter((one) => one in parameters)) {
				const value = parameters[setting];
				const choices = settingChoices(setting, input, model.kind);
				if (!isExpression(value)) expect(choices).toContain(value);
			}
		}
	});

	test('is laid out so that nothing lies on a sticky note, nor a node on a node', () => {
		const pairs = nodes.flatMap((one, index) =>
			nodes.slice(index + 1).map((other) => [one, other]),
		);
		expect(
			pairs
				.filter(([one, other]) => overlap(one, other))
				.map((pair) => pair.map((node) => node.name)),
		).toEqual([]);
	});
});

describe('tools of AI agents', () => {
	test('n8n keeps nothing of names in other scripts, so that two tools get the same one', () => {
		expect(['生成图片', '生成视频', 'साधन'].map(nodeNameToToolName)).toEqual(['_', '_', '_']);
		expect(['Make_Image', 'Make_Video', 'HiAPI'].map(nodeNameToToolName)).toEqual([
			'Make_Image',
			'Make_Video',
			'HiAPI',
		]);
	});

	test('nodes are called in Latin letters by default, and so are the tools of the examples', () => {
		const defaults = Object.values(types).map(({ description }) =>
			String(description.defaults.name),
		);
		const tools = examples.flatMap(({ workflow }) =>
			workflow.nodes.filter(({ type }) => type.endsWith('Tool')).map(({ name }) => name),
		);
		expect(tools.length).toBeGreaterThan(0);
		for (const name of [...defaults, ...tools])
			expect(nodeNameToToolName(name)).toMatch(/^[A-Za-z][\w-]*$/);
		expect(tools.map(nodeNameToToolName)).toEqual(tools);
	});

	test('the panel says so', () => {
		const notice = new HiApi().description.properties.find(({ name }) => name === 'toolNameNotice');
		expect(notice?.displayOptions).toEqual({ show: { '@tool': [true] } });
		expect(notice?.displayName).toContain('Latin letters');
	});
});
