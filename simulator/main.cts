import { parseArgs } from 'node:util';
import { startSimulator, type SimulatorOptions } from './index.cts';

const HELP = `A local HiAPI for tests, demo and benchmarks.

  npm run simulator -- [flags]

  --port <number>            port on 127.0.0.1 (default: any free one)
  --api-key <key>            the key it accepts (default: sk-simulator)
  --webhook-secret <secret>  signs callbacks; empty = unsigned (default: simulator-webhook-secret-0001)
  --task-seconds <seconds>   simulated seconds until a task ends (default: 2 real seconds)
  --realistic                tasks take as long as HiAPI's own runs did: 15 s to 6 min
  --time-scale <factor>      how many times faster than real time its clock runs (default: 1)
  --journal <file>           keeps tasks, keys and callbacks in this file, over a kill of the process
  --help                     this text

Says what to put into n8n's credential when it is ready. Ctrl-C, SIGINT or SIGTERM ends it. Switches, faults and plans: simulator/README.md.
`;

/** Reads a number flag. Throws when it is none or below `least`. */
function numberFlag(name: string, text: string | undefined, least: number): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (text.trim() === '' || !Number.isFinite(value) || value < least)
		throw new Error(`--${name}: not a usable number: ${text}`);
	return value;
}

function optionsFrom(args: string[]): SimulatorOptions | 'help' {
	const { values } = parseArgs({
		args,
		options: {
			port: { type: 'string' },
			'api-key': { type: 'string' },
			'webhook-secret': { type: 'string' },
			'task-seconds': { type: 'string' },
			realistic: { type: 'boolean' },
			'time-scale': { type: 'string' },
			journal: { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) return 'help';
	const port = numberFlag('port', values.port, 0);
	if (port !== undefined && (!Number.isInteger(port) || port > 65535))
		throw new Error(`--port: not a port: ${port}`);
	return {
		port,
		apiKey: values['api-key'],
		webhookSecret: values['webhook-secret'],
		taskSeconds: numberFlag('task-seconds', values['task-seconds'], 0),
		...(values.realistic && { switches: { taskDurations: 'realistic' as const } }),
		timeScale: numberFlag('time-scale', values['time-scale'], 0.001),
		journal: values.journal,
	};
}

async function main(): Promise<void> {
	const options = optionsFrom(process.argv.slice(2));
	if (options === 'help') {
		process.stdout.write(HELP);
		return;
	}
	const simulator = await startSimulator(options);
	const { baseUrl, apiKey, webhookSecret, origin } = simulator;
	const stop = () => void simulator.close().then(() => process.exit(0));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
	process.stdout.write(
		`HiAPI simulator ready: ${baseUrl}  API key: ${apiKey}  webhook secret: ${webhookSecret === '' ? '(none)' : webhookSecret}\n` +
			`In n8n these are Base URL, API Key and Webhook Signing Secret of a credential; its Model Catalogue URL is ${origin}. Nothing costs money here.\n`,
	);
}

main().catch((error: Error) => {
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
});
