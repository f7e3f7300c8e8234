import { partitionOf } from '../../contracts/event-log.ts';
import type { GeneratorOrder } from '../load-generator.ts';
import { registerSite } from '../pipeline.ts';
import type { Deployment } from './deployment.ts';

/** A site's name for each partition. */
export function siteNames(partitions: number): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => {
    for (let i = 0; ; i++) if (partitionOf(`shop-${i}`, partitions) === partition) return `shop-${i}`;
  });
}

/** Registers one site a partition. */
export async function registerSites(deployment: Deployment, partitions: number): Promise<GeneratorOrder['sites']> {
  const sites: { readonly site: string; readonly enrolmentSecret: string }[] = [];
  for (const site of siteNames(partitions)) sites.push({ site, enrolmentSecret: (await registerSite(deployment.core.home, site)).enrolmentSecret });
  return sites;
}
