import { describeInBrowser, useEditor } from './support/browser.cts';
import { useLab } from './support/lab.cts';
import { nodeSearch, type SearchedNode } from './support/nodeSearch.cts';
import { node, START } from './support/workflows.cts';

/* What people type into n8n's nodes panel when they want what HiAPI makes, and that it leads them to the node. */

const lab = useLab();

const HIAPI_TYPE = 'n8n-nodes-hiapi.hiApi';
const WORDS = [
	...['generate image', 'create image', 'ai image', 'image generation', 'text to image'],
	...['photo', 'picture', 'thumbnail', 'edit image', 'remove background'],
	...['generate video', 'create video', 'ai video', 'video generation'],
	...['text to video', 'image to video', 'clip', 'avatar'],
	...['text to speech', 'tts', 'voice', 'speech', 'audio', 'music', 'song'],
	...['seedance', 'kling', 'flux', 'nano banana', 'gpt image', 'veo', 'hailuo', 'wan', 'qwen'],
	...['elevenlabs', 'lyria', 'hiapi'],
];
/** Names of what HiAPI does not have. */
const ELSEWHERE = ['midjourney', 'sora', 'runway', 'dall-e', 'telegram', 'spreadsheet'];

lab.testWhere(
	'searchOfItsPanel',
	'the search of n8n puts the node among the first three for what people type',
	async () => {
		const search = nodeSearch((await lab.n8n.nodeTypes()) as unknown as SearchedNode[]);
		const firstThree = Object.fromEntries(WORDS.map((words) => [words, search(words).slice(0, 3)]));
		expect(Object.entries(firstThree).filter(([, found]) => !found.includes(HIAPI_TYPE))).toEqual(
			[],
		);
		const misled = ELSEWHERE.filter((words) => search(words).slice(0, 3).includes(HIAPI_TYPE));
		expect(misled).toEqual([]);
	},
);

describeInBrowser('in a browser', () => {
	const inEditor = useEditor(lab);

	lab.test('the nodes panel finds the nodes by the words a newcomer tries', async () => {
		const { id } = await lab.n8n.createWorkflow({
			name: 'Empty',
			nodes: [node(START, 'n8n-nodes-base.manualTrigger')],
			connections: {},
		});
		await inEditor(async (editor) => {
			await editor.showWorkflow(id, START);
			// the panel leaves out "Trigger" and shows a node and the trigger of the same name as one
			expect(await editor.searchNodes('hiapi')).toEqual(['HiAPI', 'HiAPI Polling']);
			// those with the most popular rivals
			for (const words of ['generate image', 'tts', 'voice', 'wan'])
				expect((await editor.searchNodes(words)).slice(0, 3)).toContain('HiAPI');
		});
	});
});
