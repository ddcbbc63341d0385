import { basename, delimiter, dirname, join } from 'node:path';

import execa, { type ExecaError, type Options } from 'execa';

// plain JavaScript, as the demo's launcher needs it before anything is installed
const { npmCommand } = require('./npmCommand.cjs') as { npmCommand: () => string };

const END_WITH_PARENT = join(__dirname, 'endWithParent.cjs');

/** Settings that only say how a registry is reached; everything else of the machine's npm configuration is overruled. */
const REACH =
	/^npm_config_(registry|proxy|https_proxy|noproxy|cafile|ca|strict_ssl|cache|userconfig|globalconfig)$/i;

/** Fixed for every call, as a machine's or a user's npmrc may say anything. */
const FIXED = {
	audit: 'false',
	fund: 'false',
	'update-notifier': 'false',
	progress: 'false',
	loglevel: 'error',
	color: 'false',
	global: 'false',
	'dry-run': 'false',
	'ignore-scripts': 'true',
	'install-strategy': 'hoisted',
	'install-links': 'false',
	'legacy-peer-deps': 'false',
	'engine-strict': 'false',
	'package-lock': 'true',
	'prefer-offline': 'true',
	'omit-lockfile-registry-resolved': 'true',
};

export interface NpmCall {
	/** Arguments after `npm`. */
	args: string[];
	/** Working folder, which is also the project the call is about. */
	folder: string;
	/** npm settings for this call, over the fixed ones. */
	settings?: Record<string, string>;
	/** The Node that runs npm and every script it starts; default: the running one. */
	node?: string;
}

/**
 * Runs npm whatever the machine's npm configuration says (only registry, proxy, certificates and cache are left to it)
 * and returns what it printed on standard output. Throws an Error that holds the end of its output when it fails.
 */
export async function npm(call: NpmCall): Promise<string> {
	const node = call.node ?? process.execPath;
	const settings = { ...FIXED, ...call.settings };
	return await standardOutput(
		`npm ${call.args.join(' ')}`,
		node,
		['--require', END_WITH_PARENT, npmCommand(), ...call.args],
		{
			cwd: call.folder,
			env: {
				...withoutNpmSettings(process.env),
				...Object.fromEntries(
					Object.entries(settings).map(([name, value]) => [
						`npm_config_${name.replaceAll('-', '_')}`,
						value,
					]),
				),
				PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter),
			},
			// in a process group of its own, which ends when the pipe on file descriptor 3 closes: an npm that outlives
			// its caller would go on writing into a folder that the next caller fills
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
		},
	);
}

/** Runs a command and returns its standard output; throws an Error with the end of its output when it fails. */
export async function run(
	command: string,
	args: string[],
	folder: string,
	env = process.env,
): Promise<string> {
	return await standardOutput([basename(command), ...args].join(' '), command, args, {
		cwd: folder,
		env,
		stdin: 'ignore',
	});
}

async function standardOutput(
	name: string,
	command: string,
	args: string[],
	options: Options,
): Promise<string> {
	const ended = await execa(command, args, {
		...options,
		extendEnv: false,
		stripFinalNewline: false,
		maxBuffer: Infinity,
		reject: false,
	});
	const stdout = ended.stdout ?? '';
	if (!ended.failed) return stdout;
	const how = ended.exitCode ?? ended.signal ?? (ended as ExecaError).originalMessage;
	throw new Error(`${name} ended with ${how}:\n${(stdout + (ended.stderr ?? '')).slice(-4000)}`);
}

function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(env).filter(([name]) => {
			if (/^(NODE_OPTIONS|NODE_ENV|INIT_CWD)$/.test(name)) return false;
			return !/^npm_/i.test(name) || REACH.test(name);
		}),
	);
}
