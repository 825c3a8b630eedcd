/** One of AWS's separate worlds, with the regions that one account can have load balancers in. */
interface Partition {
  readonly id: string;
  /** Regions of the partition that are newer than this table. */
  readonly pattern: RegExp;
  readonly regions: readonly string[];
}

// The SDK's own table, `partitionsInfo` of @aws-sdk/core 3.981.0 (util-endpoints/lib/aws/partitions.js), which it does
// not export. A test holds this copy to the SDK that is installed.
const partitions: readonly Partition[] = [
  {
    id: 'aws',
    pattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    regions: regions(
      'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ' +
        'ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ' +
        'ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 ' +
        'eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 ' +
        'us-east-2 us-west-1 us-west-2',
    ),
  },
  { id: 'aws-cn', pattern: /^cn-\w+-\d+$/, regions: regions('cn-north-1 cn-northwest-1') },
  { id: 'aws-eusc', pattern: /^eusc-(de)-\w+-\d+$/, regions: regions('eusc-de-east-1') },
  { id: 'aws-iso', pattern: /^us-iso-\w+-\d+$/, regions: regions('us-iso-east-1 us-iso-west-1') },
  { id: 'aws-iso-b', pattern: /^us-isob-\w+-\d+$/, regions: regions('us-isob-east-1 us-isob-west-1') },
  { id: 'aws-iso-e', pattern: /^eu-isoe-\w+-\d+$/, regions: regions('eu-isoe-west-1') },
  { id: 'aws-iso-f', pattern: /^us-isof-\w+-\d+$/, regions: regions('us-isof-east-1 us-isof-south-1') },
  { id: 'aws-us-gov', pattern: /^us-gov-\w+-\d+$/, regions: regions('us-gov-east-1 us-gov-west-1') },
];

/** Every region of a region's partition, sorted; one of an unknown partition is on its own. */
export function regionsBeside(region: string): readonly string[] {
  const partition = partitions.find(
    ({ regions: known, pattern }) => known.includes(region) || pattern.test(region),
  );
  return [...new Set([...(partition?.regions ?? []), region])].toSorted();
}

function regions(names: string): readonly string[] {
  return names.split(' ');
}
