import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readExamples } from '../../scripts/demo/examples.cts';
import type { Workflow } from '../../scripts/n8n/client.cts';
import type { Editor } from '../../scripts/screenshots/editor.cts';
import { describeInBrowser, useEditor } from './support/browser.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
/** What n8n itself proposes as the name of a first credential of the type. */
const PROPOSED_NAME = 'HiAPI account';

const lab = useLab();

/** The workflow that the editor at this address has saved with so many nodes. */
async function saved(editor: Editor, nodeCount: number): Promise<Workflow> {
	let workflow: Partial<Workflow> | undefined;
	await until(async () => {
		const [, id] = /\/workflow\/(\w+)/.exec(editor.page.url()) ?? [];
		workflow = id === undefined ? undefined : await lab.n8n.getWorkflow(id).catch(() => undefined);
		return workflow?.nodes?.length === nodeCount;
	});
	return workflow as Workflow;
}

describeInBrowser('text of an example, pasted on an empty canvas', () => {
	const inEditor = useEditor(lab);
	let credential: { id: string };
	beforeAll(async () => {
		credential = await lab.n8n.createCredential('hiApiApi', lab.credentialData(), PROPOSED_NAME);
	}, 120_000);

	test.each(readExamples(EXAMPLES).map(({ name, workflow }) => [name, workflow] as const))(
		'%s: all of it arrives, with the newcomer’s own credential',
		async (name, workflow) => {
			await inEditor(async (editor) => {
				await editor.pasteIntoNewWorkflow(
					readFileSync(join(EXAMPLES, `${name}.json`), 'utf8'),
					workflow.nodes.find(({ type }) => !type.endsWith('.stickyNote'))!.name,
				);
				// older n8n saves when told to
				await editor.page.keyboard.press('Control+s');
				const pasted = await saved(editor, workflow.nodes.length);
				const named = (nodes: Workflow['nodes']) => nodes.map((node) => node.name).sort();
				expect(named(pasted.nodes)).toEqual(named(workflow.nodes));
				expect(pasted.connections).toEqual(workflow.connections);
				for (const node of workflow.nodes) {
					const arrived = pasted.nodes.find((one) => one.name === node.name)!;
					expect(arrived.type).toBe(node.type);
					if (node.credentials?.hiApiApi)
						expect(arrived.credentials?.hiApiApi).toEqual({
							id: credential.id,
							name: PROPOSED_NAME,
						});
				}
			});
		},
	);
});
