import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ts from 'typescript';

import type { Mutant } from '../../test/mutants/index.cts';
import { run } from '../n8n/npm.cts';

/** A built copy of the project in the system's temporary folder, whose sources can be broken. */
export class Checkout {
	private constructor(
		readonly folder: string,
		private readonly compilerOptions: ts.CompilerOptions,
	) {}

	/** Copies what git knows or would add; the installed packages are shared. */
	static async of(project: string): Promise<Checkout> {
		const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-mutants-'));
		const list = await run(
			'git',
			['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
			project,
		);
		for (const file of list.split('\0').filter(Boolean))
			cpSync(join(project, file), join(folder, file), { force: true });
		symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
		await run(process.execPath, [join('node_modules', 'gulp', 'bin', 'gulp.js'), 'build'], folder);
		const { options } = ts.getParsedCommandLineOfConfigFile(
			join(folder, 'tsconfig.json'),
			{},
			{ ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
		) as ts.ParsedCommandLine;
		return new Checkout(folder, options);
	}

	/** Does something while the mutant is in the source and in the built package. */
	async broken<T>({ file, replace, by }: Mutant, work: () => Promise<T>): Promise<T> {
		const source = readFileSync(join(this.folder, file), 'utf8');
		this.write(
			file,
			source.replace(replace, () => by),
		);
		try {
			return await work();
		} finally {
			this.write(file, source);
		}
	}

	/** Deletes the copy. */
	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	private write(file: string, source: string): void {
		const path = join(this.folder, file);
		writeFileSync(path, source);
		const { outputText } = ts.transpileModule(source, {
			fileName: path,
			compilerOptions: this.compilerOptions,
		});
		writeFileSync(join(this.folder, 'dist', file.replace(/\.ts$/, '.js')), outputText);
	}
}
