import { describeInBrowser, inEditor } from './support/browser.cts';
import { useLab } from './support/lab.cts';
import { node, START } from './support/workflows.cts';

const lab = useLab();

describeInBrowser('the nodes panel', () => {
	lab.test(
		'finds the nodes by the words a newcomer tries',
		async () => {
			const { id } = await lab.n8n.createWorkflow({
				name: 'Empty',
				nodes: [node(START, 'n8n-nodes-base.manualTrigger')],
				connections: {},
			});
			await inEditor(lab, async (editor) => {
				await editor.showWorkflow(id, START);
				// the panel leaves out "Trigger" and shows a node and the trigger of the same name as one
				expect(await editor.searchNodes('hiapi')).toEqual(['HiAPI', 'HiAPI Polling']);
				expect(await editor.searchNodes('image')).toContain('HiAPI');
				expect(await editor.searchNodes('video')).toContain('HiAPI');
			});
		},
		120_000,
	);
});
