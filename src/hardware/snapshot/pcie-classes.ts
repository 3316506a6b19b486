import type { Accelerator } from '../../contract/hardware.ts';

/** Names by which PCIe cards are told apart where a BMC gives no device class. The first row that matches wins. */
export const PCIE_NAMES: readonly (readonly [RegExp, Accelerator['kind'] | 'none'])[] = [
  [/bluefield|\bdpu\b|smartnic|pensando/i, 'dpu'],
  // The BMC's own video.
  [/matrox|aspeed|\bast2\d00\b|g200|embedded video|integrated graphics|\bpilot ?(3|4|iii|iv)\b/i, 'none'],
  [
    /ethernet|infiniband|connectx|network|\bnic\b|\blom\b|fib(re|er) channel|\bhba\b|nvme|\bssd\b|raid|s?ata\b|\bsas\b|storage|smart array/i,
    'none',
  ],
  [
    /root (port|complex)|bridge|smbus|\busb\b|host controller|pci(e|-e)? switch|nvswitch|retimer|\blpc\b/i,
    'none',
  ],
  [/xilinx|alveo|versal|\bfpga\b|stratix|agilex|arria/i, 'fpga'],
  [
    /\bgpu|tesla|quadro|\brtx\b|instinct|radeon|\bmi\d{3}x?\b|data ?center gpu|(?<![-\w])([ahv]100|[ah]800|h20|[hb]200|b300|l40s?|a[34]0|g[bh][23]00)\b/i,
    'gpu',
  ],
  [/gaudi|habana|cloud ai|accelerator/i, 'other'],
  [/^nvidia/i, 'gpu'],
];

/** The same by PCI class (PCIeFunction.DeviceClass), read only for cards whose name says nothing. */
export const PCIE_CLASSES: Readonly<Record<string, Accelerator['kind']>> = {
  displaycontroller: 'gpu',
  processingaccelerators: 'other',
  coprocessor: 'other',
};
