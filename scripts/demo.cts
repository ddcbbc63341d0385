/* `npm run demo`: the packed package in a real n8n, driven against a local HiAPI (or the real one). Started by demo.js. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { type Account, askBeforeBuying, openAccount } from './demo/account.cts';
import { type Example, readExamples } from './demo/examples.cts';
import { type Imported, importExamples } from './demo/importExamples.cts';
import { nextSteps } from './demo/nextSteps.cts';
import { runExample } from './demo/runExample.cts';
import { type DemoServices, openServices } from './demo/services.cts';
import { N8nClient, OWNER, type WorkflowNode } from './n8n/client.cts';
import { INTERRUPTED, onInterruption } from './n8n/interruption.cts';
import { run } from './n8n/npm.cts';
import { ensureN8n } from './n8n/runtime.cts';
import { type ServerWithPackage, startServerWithPackage } from './n8n/serverWithPackage.cts';
import { N8N_VERSION } from './n8n/versions.cts';

const PROJECT = join(__dirname, '..');
const OUTPUT = join(PROJECT, 'demo-output');
const RUN_BY_DEMO = ['run-and-wait-image', 'run-and-wait-video'];
/** n8n's nodes write files into these folders only. */
const FOLDER_VARIABLE = 'N8N_RESTRICT_FILE_ACCESS_TO';

const HELP = `npm run demo [-- flags]

Builds and packs the package, starts a local HiAPI and a real n8n ${N8N_VERSION} with the package installed as n8n's own installer
does it, imports the workflows of examples/, runs "Run and Wait" for an image and a video, writes the files to demo-output/, says
what to click next and stays up until Ctrl-C. The mail server, the chat model and the Telegram of the examples are on this machine, too. The first run fetches n8n (about 6 minutes, 3 GB) into ~/.cache/n8n-nodes-hiapi.

  --once   end after the run: exit code 0 when everything worked
  --yes    agree to buy tasks on the real HiAPI without being asked
  --help   this text

  HIAPI_API_KEY            use the real HiAPI with this key (costs money; says what it buys and asks first)
  HIAPI_BASE_URL           another address of the real HiAPI
  N8N_NODES_HIAPI_CACHE    another folder for the fetched n8n
`;

/** Runs the demo; sets the process's exit code. */
export async function main(args: string[]): Promise<void> {
	const { values: flags } = parseArgs({
		args,
		options: { once: { type: 'boolean' }, yes: { type: 'boolean' }, help: { type: 'boolean' } },
	});
	if (flags.help) {
		process.stdout.write(HELP);
		return;
	}
	const examples = readExamples(join(PROJECT, 'examples'));
	const runs = examples.filter(({ name }) => RUN_BY_DEMO.includes(name));
	const account = await openAccount();
	const services = await openServices();
	const interruption = new AbortController();
	const interrupted = untilInterrupted(interruption);
	let starting: Promise<ServerWithPackage> | undefined;
	try {
		await askBeforeBuying(account, runs, flags.yes === true);
		const succeeded = await Promise.race([
			interrupted.then(() => undefined),
			(async () => {
				await prepare(account);
				mkdirSync(OUTPUT, { recursive: true });
				starting = startServerWithPackage(PROJECT, { [FOLDER_VARIABLE]: OUTPUT });
				return await runAll(await starting, account, services, examples, interruption.signal);
			})(),
		]);
		process.exitCode = succeeded === undefined ? INTERRUPTED : succeeded ? 0 : 1;
		if (succeeded !== undefined && !flags.once) {
			console.log('\nn8n stays up until Ctrl-C.');
			if (!account.isReal && process.stdin.isTTY) readTyping(services);
			await interrupted;
		}
	} finally {
		await end(await starting?.catch(() => undefined));
		await Promise.all([account.close(), services.close()]);
		// interrupted in the middle of a step: its child processes end with this one
		if (process.exitCode === INTERRUPTED) process.exit();
	}
}

async function end(n8n: ServerWithPackage | undefined): Promise<void> {
	if (!n8n) return;
	await n8n.server.stop(3_000);
	if (process.exitCode === 1) keepLog(n8n.server.logFile);
	// holds the credential, so it never stays
	n8n.userFolder.remove();
}

async function prepare(account: Account): Promise<void> {
	console.log(
		account.isReal
			? `HiAPI: the real one, ${account.credential.baseUrl}`
			: `HiAPI: local simulator on ${account.credential.baseUrl}`,
	);
	await ensureN8n();
	console.log('Building the package');
	await run(
		process.execPath,
		[join(PROJECT, 'node_modules', 'gulp', 'bin', 'gulp.js'), 'build'],
		PROJECT,
	);
	console.log(`Starting n8n ${N8N_VERSION} with the packed package`);
}

async function runAll(
	{ server, installed }: ServerWithPackage,
	account: Account,
	services: DemoServices,
	examples: Example[],
	stop: AbortSignal,
): Promise<boolean> {
	if (stop.aborted) return false;
	console.log(
		`n8n is up: ${installed.name} ${installed.version} brings ${installed.nodeTypes.join(', ')}`,
	);
	const client = await new N8nClient(server.address).logIn();
	const hiApiApi = await client.createCredential('hiApiApi', account.credential, 'HiAPI account');
	const test = await client.testCredential(hiApiApi, 'hiApiApi', account.credential);
	console.log(`Credential test: ${test.status === 'OK' ? 'passed' : `FAILED, ${test.message}`}`);
	if (test.status !== 'OK') return false;

	const inOrder = [...examples].sort((one, other) => rank(one) - rank(other));
	const imported = await importExamples(client, inOrder, {
		credentials: { hiApiApi },
		services,
		folder: OUTPUT,
		// the real HiAPI cannot call this machine
		publish: !account.isReal,
	});
	console.log(`Imported the ${imported.length} workflows of examples/`);
	const results: boolean[] = [];
	for (const example of imported.filter(({ name }) => RUN_BY_DEMO.includes(name))) {
		// whoever has pressed Ctrl-C wants nothing bought any more
		if (stop.aborted) return false;
		results.push(await runExample(client, account, example, OUTPUT));
	}
	console.log('\nWhat to do next\n');
	for (const line of stepsFor(server.address, account, services, imported)) console.log(line);
	return results.length === RUN_BY_DEMO.length && results.every(Boolean);
}

const rank = ({ name }: Example) =>
	RUN_BY_DEMO.includes(name) ? RUN_BY_DEMO.indexOf(name) : RUN_BY_DEMO.length;

function stepsFor(
	address: string,
	account: Account,
	{ mcpToken }: DemoServices,
	imported: Imported[],
): string[] {
	const mcp = imported.flatMap(({ workflow }) => workflow.nodes).find(isMcpTrigger);
	return nextSteps({
		address,
		workflows: Object.fromEntries(
			imported.map(({ name, workflow }) => [name, `${address}/workflow/${workflow.id}`]),
		),
		logIn: OWNER,
		folder: OUTPUT,
		isReal: account.isReal,
		mcp: mcp && { url: `${address}/mcp/${String(mcp.parameters.path)}`, token: mcpToken },
		readsTyping: process.stdin.isTTY,
	});
}

const isMcpTrigger = ({ type }: WorkflowNode) => type.endsWith('.mcpTrigger');

/** Every line that is typed goes to the Telegram bot. */
function readTyping(services: DemoServices): void {
	const lines = createInterface({ input: process.stdin });
	lines.on('line', (line) => {
		if (line.trim() !== '')
			services
				.writeToBot(line)
				.catch((error: Error) => console.log(`The bot cannot be reached: ${error.message}`));
	});
	process.stdin.unref();
}

function keepLog(logFile: string): void {
	mkdirSync(OUTPUT, { recursive: true });
	copyFileSync(logFile, join(OUTPUT, 'n8n.log'));
	console.log(`\nn8n's log: ${join(OUTPUT, 'n8n.log')}`);
}

/** Until Ctrl-C or SIGTERM; a second one ends the process at once (n8n then ends by itself). */
async function untilInterrupted(interruption: AbortController): Promise<void> {
	await new Promise<void>((resolve) => onInterruption(() => resolve()));
	interruption.abort();
	console.log('\nEnding');
}
