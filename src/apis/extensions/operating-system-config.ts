import type { DefaultSpec, DefaultStatus, ExtensionObject } from './extension.ts';

export interface InlineFileContent {
  /** Empty for plain text, or `b64`. */
  encoding?: string;
  data?: string;
}

interface OperatingSystemConfigUnit {
  name: string;
  content?: string;
}

export interface OperatingSystemConfigFile {
  path: string;
  content?: { inline?: InlineFileContent };
}

/** extensions.gardener.cloud/v1alpha1 OperatingSystemConfig (gardener-contract 1.4), the slice that is read. */
export interface OperatingSystemConfig extends ExtensionObject {
  spec: DefaultSpec & {
    /** `provision` makes the user data of new machines, `reconcile` what is kept up to date on nodes. */
    purpose?: string;
    units?: readonly OperatingSystemConfigUnit[];
    files?: readonly OperatingSystemConfigFile[];
  };
  status?: DefaultStatus & { extensionFiles?: readonly OperatingSystemConfigFile[] };
}
