/**
 * Types of jobs and their ids. Update_Task and Inventory_Task are OME's own, as the samples of ome_firmware and ome_job_info have
 * them; the other ids, and the names from Catalog_Task on, are the simulator's.
 */
export const JOB_TYPES: Readonly<Record<string, number>> = {
  Update_Task: 5,
  Inventory_Task: 8,
  Discovery_Task: 101,
  Catalog_Task: 1001,
  Baseline_Task: 1002,
  Template_Task: 1003,
  Device_Config_Task: 1004,
  Config_Compliance_Task: 1006,
  Remediation_Task: 1007,
};
