import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readExamples } from '../../../scripts/demo/examples.cts';
import { fillIn } from '../../../scripts/demo/fillIn.cts';
import { nextSteps, type RunningDemo } from '../../../scripts/demo/nextSteps.cts';

const ROOT = join(__dirname, '..', '..', '..');
const examples = readExamples(join(ROOT, 'examples'));
const fillIns = { address: 'http://127.0.0.1:5678', folder: '/tmp/out', telegramUserId: '1001' };
const filled = examples.map(({ workflow }) => fillIn(workflow, fillIns));
const parameters = filled.flatMap(({ nodes }) => nodes.map((node) => node.parameters));

test('nothing is left to fill in: callback URL, folder, the person who may write to the bot', () => {
	const callbacks = parameters.filter(({ callback }) => callback === 'url');
	expect(callbacks.length).toBeGreaterThan(0);
	for (const { callbackUrl } of callbacks)
		expect(callbackUrl).toMatch(/^http:\/\/127\.0\.0\.1:5678\/webhook\/[0-9a-f-]{36}\/webhook$/);
	const files = parameters.filter(({ fileName }) => fileName !== undefined);
	expect(files.length).toBeGreaterThan(0);
	for (const { fileName } of files) expect(fileName).toMatch(/^=\/tmp\/out\/\{\{/);
	const bots = filled.flatMap(({ nodes }) => nodes).filter(({ type }) => /telegramT/.test(type));
	expect(bots.map((node) => node.parameters.additionalFields)).toEqual([{ userIds: '1001' }]);
});

test('every example of the demo, run, published or named, exists', () => {
	const names = examples.map(({ name }) => name);
	for (const file of ['demo.cts', 'demo/importExamples.cts', 'demo/nextSteps.cts']) {
		const source = readFileSync(join(ROOT, 'scripts', file), 'utf8');
		const lists = [
			...source.matchAll(/(?:RUN_BY_DEMO|PUBLISHED) = \[([^\]]*)\]|workflows\[([^\]]*)\]/g),
		];
		const named = lists.flatMap(([text]) => [...text.matchAll(/'([a-z-]+)'/g)]);
		expect(named.length).toBeGreaterThan(1);
		for (const [, name] of named) expect(names).toContain(name);
	}
});

const demo: RunningDemo = {
	address: fillIns.address,
	workflows: Object.fromEntries(examples.map(({ name }) => [name, `http://n8n/${name}`])),
	logIn: { email: 'owner@example.com', password: 'secret' },
	folder: '/tmp/out',
	isReal: false,
	mcp: { url: 'http://n8n/mcp/1', token: 'a-token' },
	readsTyping: true,
};

test('what to click next: numbered, with every address and the log-in', () => {
	const text = nextSteps(demo).join('\n');
	expect(text).not.toMatch(/undefined|\[object/);
	expect(text).toMatch(/^ {2}1\. Open http:\/\/n8n\/run-and-wait-image\n/);
	expect(text).toContain('owner@example.com');
	for (const part of ['http://n8n/task-complete-automation', 'http://n8n/mcp/1', 'Telegram'])
		expect(text).toContain(part);
	const numbers = [...text.matchAll(/^ {2}(\d+)\. /gm)].map(([, number]) => Number(number));
	expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test('on the real HiAPI it says that runs cost money, and offers nothing HiAPI could not reach', () => {
	const text = nextSteps({ ...demo, isReal: true }).join('\n');
	expect(text).toContain('Every run buys a task');
	expect(text).not.toMatch(/nothing costs money|task-complete|Telegram|mcp/);
});
