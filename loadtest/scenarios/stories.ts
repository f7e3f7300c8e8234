import { administratorByNobody } from './stories/administrator-by-nobody.ts';
import { ajaxHarvest } from './stories/ajax-harvest.ts';
import { answeredInjection } from './stories/answered-injection.ts';
import { cachedAccount } from './stories/cached-account.ts';
import { canaryInExport } from './stories/canary-in-export.ts';
import { cardTesting } from './stories/card-testing.ts';
import { cardsInUpload } from './stories/cards-in-upload.ts';
import { changedPayout } from './stories/changed-payout.ts';
import { changedPluginFile } from './stories/changed-plugin-file.ts';
import { checkoutInjection } from './stories/checkout-injection.ts';
import { climbedPath } from './stories/climbed-path.ts';
import { cloudFallback } from './stories/cloud-fallback.ts';
import { copiedSession } from './stories/copied-session.ts';
import { dataInAddresses } from './stories/data-in-addresses.ts';
import { dataInDebugLog } from './stories/data-in-debug-log.ts';
import { debugSwitchedOn } from './stories/debug-switched-on.ts';
import { dumpedTables } from './stories/dumped-tables.ts';
import { fetchedBackup } from './stories/fetched-backup.ts';
import { freeGoods } from './stories/free-goods.ts';
import { givenRole } from './stories/given-role.ts';
import { graphqlHarvest } from './stories/graphql-harvest.ts';
import { hiddenInHostNames } from './stories/hidden-in-host-names.ts';
import { injectedPromptInLog } from './stories/injected-prompt-in-log.ts';
import { injectedPromptInReview } from './stories/injected-prompt-in-review.ts';
import { largeUpload } from './stories/large-upload.ts';
import { leakedProduct } from './stories/leaked-product.ts';
import { leftRegion } from './stories/left-region.ts';
import { manyAddresses } from './stories/many-addresses.ts';
import { namesWalkedThenGuessed } from './stories/names-walked-then-guessed.ts';
import { newPlace } from './stories/new-place.ts';
import { nightExport } from './stories/night-export.ts';
import { openRoute } from './stories/open-route.ts';
import { openModel } from './stories/open-model.ts';
import { orderWalking } from './stories/order-walking.ts';
import { otherSitesRecords } from './stories/other-sites-records.ts';
import { packedQueries } from './stories/packed-queries.ts';
import { patientsInBeacons } from './stories/patients-in-beacons.ts';
import { patientsInPrompts } from './stories/patients-in-prompts.ts';
import { plantedObject } from './stories/planted-object.ts';
import { publicRecordings } from './stories/public-recordings.ts';
import { raisedRole } from './stories/raised-role.ts';
import { reflectedScript } from './stories/reflected-script.ts';
import { refundAbuse } from './stories/refund-abuse.ts';
import { restPaging } from './stories/rest-paging.ts';
import { runCommands } from './stories/run-commands.ts';
import { scanOfManySites } from './stories/scan-of-many-sites.ts';
import { silencedShipper } from './stories/silenced-shipper.ts';
import { skimmer } from './stories/skimmer.ts';
import { slowDrip } from './stories/slow-drip.ts';
import { sprayedPassword } from './stories/sprayed-password.ts';
import { spreadCardTesting } from './stories/spread-card-testing.ts';
import { steadyUpload } from './stories/steady-upload.ts';
import { storedScript } from './stories/stored-script.ts';
import { strangePlugin } from './stories/strange-plugin.ts';
import { stuffedAccount } from './stories/stuffed-account.ts';
import { takenBackup } from './stories/taken-backup.ts';
import { takeover } from './stories/takeover.ts';
import { telemetry } from './stories/telemetry.ts';
import { tellingAnswer } from './stories/telling-answer.ts';
import { tellingErrorPage } from './stories/telling-error-page.ts';
import { tellingMessages } from './stories/telling-messages.ts';
import { tokensInClear } from './stories/tokens-in-clear.ts';
import { turnedAiSetting } from './stories/turned-ai-setting.ts';
import { turnedPayments } from './stories/turned-payments.ts';
import { unusualExport } from './stories/unusual-export.ts';
import { webShell } from './stories/web-shell.ts';
import type { Story } from './story.ts';

/** Every story. Its place in the list decides when it begins: new ones go to the end. */
export const STORIES: readonly Story[] = [
  administratorByNobody, ajaxHarvest, answeredInjection, cardTesting, changedPayout, changedPluginFile, checkoutInjection, climbedPath, cloudFallback,
  copiedSession, dataInAddresses, dataInDebugLog, debugSwitchedOn, dumpedTables, fetchedBackup, freeGoods, graphqlHarvest, injectedPromptInLog,
  injectedPromptInReview, largeUpload, leftRegion, namesWalkedThenGuessed, newPlace, nightExport, openRoute, orderWalking, otherSitesRecords,
  packedQueries, patientsInPrompts, plantedObject, raisedRole, reflectedScript, refundAbuse, restPaging, runCommands, scanOfManySites, silencedShipper,
  slowDrip, sprayedPassword, steadyUpload, storedScript, strangePlugin, stuffedAccount, takenBackup, takeover, turnedAiSetting, unusualExport,
  webShell, cachedAccount, canaryInExport, cardsInUpload, patientsInBeacons, publicRecordings, skimmer, telemetry, tellingAnswer, tellingErrorPage,
  tellingMessages, tokensInClear, turnedPayments, givenRole, hiddenInHostNames, leakedProduct, manyAddresses, spreadCardTesting, openModel,
];
