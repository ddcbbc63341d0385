/* `npm run demo`: the packed package in a real n8n, driven against a local HiAPI (or the real one). Started by demo.js. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { type Account, askBeforeBuying, openAccount } from './demo/account.cts';
import { type Example, readExamples, withCredential } from './demo/examples.cts';
import { runExample } from './demo/runExample.cts';
import { N8N_VERSION } from './n8n/cacheFolder.cts';
import { N8nClient, OWNER } from './n8n/client.cts';
import { run } from './n8n/npm.cts';
import { ensureN8n } from './n8n/runtime.cts';
import { type ServerWithPackage, startServerWithPackage } from './n8n/serverWithPackage.cts';

const PROJECT = join(__dirname, '..');
const OUTPUT = join(PROJECT, 'demo-output');
const RUN_BY_DEMO = ['run-and-wait-image', 'run-and-wait-video'];

const HELP = `npm run demo [-- flags]

Builds and packs the package, starts a local HiAPI and a real n8n ${N8N_VERSION} with the package installed as n8n's own installer
does it, imports the workflows of examples/, runs "Run and Wait" for an image and a video, writes the files to demo-output/ and
stays up until Ctrl-C. The first run fetches n8n (about 6 minutes, 3 GB) into ~/.cache/n8n-nodes-hiapi.

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
	let n8n: ServerWithPackage | undefined;
	const interrupted = untilInterrupted();
	try {
		await askBeforeBuying(account, runs, flags.yes === true);
		const succeeded = await Promise.race([
			interrupted.then(() => undefined),
			(async () => {
				n8n = await start(account);
				return await runAll(n8n, account, examples);
			})(),
		]);
		if (succeeded === undefined) {
			process.exitCode = 130;
			return;
		}
		if (!succeeded) process.exitCode = 1;
		if (!flags.once) {
			console.log('\nn8n stays up until Ctrl-C.');
			await interrupted;
		}
	} finally {
		await n8n?.server.stop(3_000);
		if (n8n && process.exitCode === 1) console.log(`\nn8n's log is kept: ${n8n.server.logFile}`);
		else n8n?.userFolder.remove();
		await account.close();
		// interrupted in the middle of a step: its child processes end with this one
		if (process.exitCode === 130) process.exit();
	}
}

async function start(account: Account): Promise<ServerWithPackage> {
	console.log(account.isReal ? `HiAPI: the real one, ${account.credential.baseUrl}` : `HiAPI: local simulator on ${account.credential.baseUrl}`);
	await ensureN8n();
	console.log('Building the package');
	await run(process.execPath, [join(PROJECT, 'node_modules', 'gulp', 'bin', 'gulp.js'), 'build'], PROJECT);
	console.log(`Starting n8n ${N8N_VERSION} with the packed package`);
	const n8n = await startServerWithPackage(PROJECT);
	console.log(`n8n is up: ${n8n.installed.name} ${n8n.installed.version} brings ${n8n.installed.nodeTypes.join(', ')}`);
	return n8n;
}

async function runAll({ server }: ServerWithPackage, account: Account, examples: Example[]): Promise<boolean> {
	const client = await new N8nClient(server.address).logIn();
	const credential = await client.createCredential('hiApiApi', account.credential, 'HiAPI account');
	const test = await client.testCredential(credential, 'hiApiApi', account.credential);
	console.log(`Credential test: ${test.status === 'OK' ? 'passed' : `FAILED, ${test.message}`}`);
	if (test.status !== 'OK') return false;

	const results: boolean[] = [];
	const imported = [];
	for (const example of examples) {
		const workflow = await client.createWorkflow(withCredential(example.workflow, credential));
		imported.push({ ...example, workflow });
		console.log(`Imported "${workflow.name}": ${server.address}/workflow/${workflow.id}`);
	}
	for (const example of imported.filter(({ name }) => RUN_BY_DEMO.includes(name))) {
		results.push(await runExample(client, account, example, OUTPUT));
	}
	console.log(`\nFiles:  ${OUTPUT}`);
	console.log(`Editor: ${server.address}`);
	console.log(`Log in: ${OWNER.email} / ${OWNER.password}`);
	return results.length === RUN_BY_DEMO.length && results.every(Boolean);
}

/** Ends on Ctrl-C or SIGTERM; a second one ends the process at once (n8n then ends by itself). */
async function untilInterrupted(): Promise<void> {
	await new Promise<void>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
	});
	console.log('\nEnding');
}
