/** A resource's block in a stack. */
interface Block {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
  readonly provider?: string;
  readonly [argument: string]: unknown;
}

/** What is read of a `cdk.tf.json`. */
export interface SynthesisedTerraform {
  /** Not Terraform's, which ignores it: what scripts must know of a specification. */
  readonly "//"?: { readonly assumedTraffic?: unknown };
  readonly provider?: { readonly aws?: readonly { readonly alias?: string; readonly region?: string }[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}
