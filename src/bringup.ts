import { readFile } from 'node:fs/promises';
import type { BringupClient, CommandInput, CommandName, CommandOutput } from './contract/api.ts';
import { BringupError, EXIT } from './contract/errors.ts';
import type { RunEvent } from './contract/events.ts';
import { startApply } from './app/apply.ts';
import { bundleHandlers } from './app/bundle.ts';
import { cancelRun } from './app/cancel.ts';
import { credentialHandlers } from './app/credentials.ts';
import { withCredentials } from './app/credentials-missing.ts';
import { createDiscovery } from './app/discovery.ts';
import { doctor } from './app/doctor.ts';
import { createFeed } from './app/feed.ts';
import { hostHandlers } from './app/host-commands.ts';
import { rememberSite } from './app/known-sites.ts';
import { checkHardware, hostFacts, lastDiscovery, matchHardware, planSite } from './app/hardware.ts';
import type { BringupPorts } from './app/ports.ts';
import { probe } from './app/probe.ts';
import { checkProfiles } from './app/profiles-check.ts';
import { listProfiles, showProfile } from './app/profiles-show.ts';
import { exportRun } from './app/export.ts';
import { openExport } from './app/open.ts';
import { readEvents, readState } from './app/read-run.ts';
import { createRedactor, rememberSecrets } from './app/redactor.ts';
import { listFaults, startRehearsal } from './app/rehearsal-start.ts';
import { reportRun } from './app/report.ts';
import { takeUpRun, type TakeUp } from './app/resume.ts';
import { listRuns } from './app/list-runs.ts';
import { explainText } from './app/runs.ts';
import { runDocument } from './app/show.ts';
import { createLogs } from './app/logs.ts';
import { migrateSiteFile } from './app/site-edits.ts';
import { createSiteFile, editSiteFile, readSiteFile, writeSiteFile } from './app/site-files.ts';
import { loadSite, validateWhole } from './app/site.ts';
import { withNewestRun } from './app/stale-stages.ts';
import { exportStack, importStack, inspectStack } from './app/stacks-exchange.ts';
import { listStacks, readCatalogue, stackFile, stackParameters } from './app/stacks.ts';
import { renderInventory, siteJsonSchema } from './site/index.ts';

export type { BringupPorts, RunControl, RunJournals, RunWord } from './app/ports.ts';
export type { RehearsalPort, RehearsedMachine, RunningBmc } from './app/rehearsal-port.ts';

/** The application service: every host holds one, directly or over a transport. `close` cancels nothing at the site. */
export interface Bringup extends BringupClient {
  close(): Promise<void>;
}

type Handlers = { [C in CommandName]: (input: CommandInput<C>) => Promise<CommandOutput<C>> };

/** Makes the application service from its ports. */
export function createBringup(outer: BringupPorts): Bringup {
  const redactor = createRedactor();
  const ports = { ...outer, redactor, credentials: rememberSecrets(outer.credentials, redactor) };
  const feed = createFeed(ports.journals);
  const discovery = createDiscovery(ports);
  const logs = createLogs(ports);
  const { close: closeBundles, ...bundles } = bundleHandlers(ports);
  const takeUp = async (how: TakeUp): Promise<{ run: string; from: number }> => {
    await feed.settled();
    const live = await takeUpRun(ports, how, (event) => feed.publish(event));
    feed.add(live);
    return { run: live.run, from: live.from };
  };
  const handlers: Handlers = {
    'app.info': async () => ({ version: ports.version, platform: ports.platform, host: ports.host }),
    'app.doctor': async () => doctor(ports),
    ...hostHandlers(ports),
    'site.validate': async ({ file }) => validateWhole(file, ports.playbooks),
    'site.read': async ({ file }) => readSiteFile(file, ports.playbooks),
    'site.write': async (input) => writeSiteFile(input, ports.playbooks),
    'site.create': async (input) => createSiteFile(input, ports),
    'site.edit': async (input) => editSiteFile(input, ports.playbooks),
    'site.migrate': async ({ file }) => migrateSiteFile(file),
    'site.inventory': async ({ file }) => {
      const loaded = await loadSite(file, ports.playbooks);
      return { yaml: renderInventory(loaded.site, await hostFacts(ports, loaded)) };
    },
    'site.schema': async () => ({ schema: siteJsonSchema() }),
    'stacks.list': async () => ({ stacks: await listStacks(ports.playbooks) }),
    'stacks.show': async ({ name }) => {
      const file = await stackFile(ports.playbooks, name);
      return { file, text: await readFile(file, 'utf8') };
    },
    'stacks.export': async (input) => exportStack(ports.playbooks, input),
    'stacks.inspect': async (input) => inspectStack(ports.playbooks, input),
    'stacks.import': async (input) => importStack(ports.playbooks, input),
    'stacks.parameters': async ({ name }) => ({ schema: await stackParameters(ports.playbooks, name) }),
    'profiles.list': async (input) => listProfiles(ports, input),
    'profiles.show': async (input) => showProfile(ports, input),
    'profiles.check': async (input) => checkProfiles(ports, input),
    'hardware.discover': async (options) => discovery.discover(options),
    'hardware.progress': async () => discovery.progress(),
    'hardware.cancel': async () => ({ cancelled: discovery.cancel() }),
    'hardware.last': async ({ file }) => {
      const loaded = await loadSite(file, ports.playbooks);
      return { result: await lastDiscovery(ports, loaded) };
    },
    'hardware.raw': async ({ file, bmc }) => {
      const { site } = await loadSite(file, ports.playbooks);
      return { resources: await ports.hardware.raw(site.site.name, bmc) };
    },
    'hardware.match': async (input) => matchHardware(ports, input),
    'hardware.compat': async (input) => checkHardware(ports, input),
    'plan.show': async (input) => {
      const loaded = await loadSite(input.file, ports.playbooks);
      const plan = await withCredentials(ports.credentials, await planSite(ports, input), loaded.site);
      return withNewestRun(ports, plan, loaded);
    },
    'failures.explain': async ({ text }) => explainText(text, await readCatalogue(ports.playbooks)),
    'vantage.probe': async (input) => probe(ports, input),
    'logs.search': async (question) => logs.search(question),
    'logs.cancel': async ({ name }) => ({ cancelled: logs.cancel(name) }),
    'runs.list': async () => ({ runs: await listRuns(ports.journals, ports.version) }),
    'runs.show': async ({ run }) => runDocument(await readState(ports.journals, run)),
    'runs.events': async (query) => readEvents(ports.journals, query),
    'runs.export': async (input) => exportRun(ports, input),
    'runs.report': async (input) => reportRun(ports, input),
    'runs.open': async ({ file }) => openExport(ports.journals, file),
    'runs.apply': async (options) => {
      await feed.settled();
      const live = await startApply(ports, options, (event) => feed.publish(event));
      feed.add(live);
      return { run: live.run };
    },
    'rehearse.start': async (options) => {
      await feed.settled();
      const live = await startRehearsal(ports, options, (event) => feed.publish(event));
      feed.add(live);
      return { run: live.run };
    },
    'rehearse.faults': async () => ({ faults: await listFaults(ports) }),
    'runs.resume': async (options) => takeUp({ options }),
    'runs.retry': async ({ stage, failedHosts, fromTask, ...options }) =>
      takeUp({ options, retry: givenOf({ stage, failedHosts, fromTask }) }),
    'runs.cancel': async (input) => ({
      cancelled: await cancelRun(ports, feed, input, (event) => feed.publish(event)),
    }),
    ...bundles,
    ...credentialHandlers(ports),
  };
  return {
    async call<C extends CommandName>(command: C, input: CommandInput<C>): Promise<CommandOutput<C>> {
      if (!Object.hasOwn(handlers, command)) throw unknownCommand(String(command));
      try {
        const output = await handlers[command](input);
        if (ports.sites !== undefined) await rememberSite(ports.sites, command, input, ports.clock.now());
        return output;
      } catch (thrown) {
        throw redactor.error(thrown);
      }
    },
    subscribe: (run, from, listener: (events: readonly RunEvent[]) => void) =>
      feed.subscribe(run, from, listener),
    close: async () => {
      discovery.cancel();
      logs.close();
      closeBundles();
      await feed.close();
    },
  };
}

/** The fields that were given. */
function givenOf<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function unknownCommand(command: string): BringupError {
  return new BringupError({
    code: 'COMMAND_UNKNOWN',
    exit: EXIT.invalid,
    message: `There is no command ${command}.`,
    hint: 'The window and the application are of different versions; start Bringup again.',
  });
}
