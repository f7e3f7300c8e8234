<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\BlockHeader;

/** How the spool does, for people. */
final class Status
{
    /** Beyond these, blocks are counted as full ones: nobody waits for an exact number then. */
    private const MOST_READ = 200;

    /** @return array<string, mixed> as `Spool::status` says */
    public static function of(Place $place): array
    {
        $directory = $place->directory();
        $identity = Identity::at($directory);
        $shipping = new ShippingState($directory);
        $state = ChainState::load($directory);
        $outbox = new Outbox($directory);
        $tally = Tally::peek($directory);
        return [
            'enrolled' => $identity->isEnrolled(),
            'site' => $identity->site(),
            'gateway_host' => (string) parse_url($identity->gatewayUrl(), PHP_URL_HOST),
            'has_token_key' => $identity->tokenKey() !== null,
            'has_command_key' => $identity->commandKey() !== '',
            'enrol_again' => $shipping->get('enrol_again') || ($state !== null && $state->isCopy),
            'is_copy' => $state !== null && $state->isCopy,
            'last_shipped_ms' => $shipping->get('last_shipped_ms'),
            'stream' => $state === null ? '' : $state->stream,
            'chain_epoch' => $state === null ? 0 : $state->epoch,
            'chain_next_seq' => $state === null ? 0 : $state->nextSeq,
            'chain_head' => $state === null ? '' : $state->head,
            'spool_bytes' => $tally['outbox'] + $tally['bytes'],
            'lines_waiting' => self::linesWaiting($directory),
            'outbox_blocks' => count($outbox->all()),
            'refused_blocks' => $outbox->refused(),
            'lost_lines' => $tally['lost'],
            'error_code' => $shipping->get('error_code'),
            'error' => $shipping->get('error'),
            'failures' => $shipping->get('failures'),
            'next_try_ms' => $shipping->get('next_try_ms'),
            'clock_skew_ms' => $shipping->get('clock_skew_ms'),
            'directory' => $directory,
            'is_outside_web_root' => $place->isOutsideWebRoot(),
            'self_test' => function_exists('get_site_option') ? SelfTest::last($place) : '',
            'beat_age_seconds' => Heartbeat::age($directory),
        ];
    }

    /** Of the outbox and of open files. */
    public static function linesWaiting(string $directory): int
    {
        $tally = Tally::peek($directory);
        $lines = $tally['ended'] + $tally['lines'];
        $blocks = (new Outbox($directory))->all();
        foreach (array_slice($blocks, 0, self::MOST_READ) as $block) {
            $header = BlockHeader::of((string) @file_get_contents($block['path'], false, null, 0, 4096));
            $lines += $header['lines'] ?? 0;
        }
        return $lines + Sealer::BLOCK_LINES * max(0, count($blocks) - self::MOST_READ);
    }
}
