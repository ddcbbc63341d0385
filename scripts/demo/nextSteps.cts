/** What the demo has running when it tells people how to go on. */
export interface RunningDemo {
	/** n8n's address. */
	address: string;
	/** Addresses of the imported examples in the editor, by file name without its ending. */
	workflows: Record<string, string>;
	logIn: { email: string; password: string };
	/** Where files are written to. */
	folder: string;
	/** True when tasks cost real money. */
	isReal: boolean;
	/** What an MCP client has to know. Absent when that example is not published. */
	mcp?: { url: string; token: string };
	/** Whether what is typed here is written to the Telegram bot. */
	readsTyping: boolean;
}

/** What to click next, step by step. */
export function nextSteps(demo: RunningDemo): string[] {
	const { workflows, logIn, isReal } = demo;
	const steps = [
		[
			`Open ${workflows['run-and-wait-image']}`,
			`and log in as ${logIn.email} with the password ${logIn.password}`,
		],
		[
			'Click "Execute workflow". When the node HiAPI has its tick, double-click it:',
			'the picture is in the output on the right, under Binary, View.',
		],
		[
			'In the same panel choose another Model: its fields appear below. Click "Execute step".',
			isReal
				? 'Every run buys a task.'
				: 'Every model in the list works, and nothing costs money: HiAPI is simulated on this machine.',
		],
	];
	if (!isReal) {
		steps.push([
			`A workflow that HiAPI calls back: ${workflows['task-complete-automation']}`,
			'Beside "Execute workflow" choose "from Order pictures". Two mails arrive in this terminal,',
			`and two files in ${demo.folder}`,
		]);
		steps.push([
			`An AI agent with a stand-in for its chat model: ${workflows['ai-agent']}`,
			'Click "Open chat" and write what you want to see.',
		]);
		if (demo.readsTyping)
			steps.push(['A Telegram bot: type a sentence here and press Enter. It answers here.']);
		if (demo.mcp)
			steps.push([
				'n8n as a tool server for your own MCP client:',
				`claude mcp add --transport http hiapi ${demo.mcp.url} --header "Authorization: Bearer ${demo.mcp.token}"`,
			]);
	}
	steps.push([`All examples: ${demo.address}/home/workflows`]);
	return steps.flatMap(([first, ...more], index) => [
		`  ${index + 1}. ${first}`,
		...more.map((line) => `     ${line}`),
	]);
}
