// Runs one lab command of the built product in the network namespace this process was started in.
// Usage: lab-driver.mjs up|down|status NAME. One line for each progress report, then the status as JSON.
const { labDown, labStatus, labUp } = await import(
  new URL('../../../dist/main/lab/index.js', import.meta.url)
);
const [command, name] = process.argv.slice(2);
const tell = ({ text }) => process.stdout.write(`${text}\n`);
const commands = {
  up: () => labUp({ name }, tell),
  down: () => labDown({ name }, tell),
  status: () => labStatus({ name }),
};
process.stdout.write(`${JSON.stringify(await commands[command]())}\n`);
