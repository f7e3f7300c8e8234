<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

/** What the page says after a form was sent. */
final class Notices
{
    private const GOOD = ['enrolled', 'saved', 'undone', 'acknowledged', 'shipped', 'baseline'];

    public static function isGood(string $told): bool
    {
        return in_array($told, self::GOOD, true);
    }

    /** @return array{string, string}|null kind (`success` or `error`) and text */
    public static function of(string $told, string $detail = ''): ?array
    {
        $text = self::text($told);
        return $text === '' ? null : [self::isGood($told) ? 'success' : 'error', trim($text . ' ' . $detail)];
    }

    private static function text(string $told): string
    {
        switch ($told) {
            case 'enrolled':
                return __('The site is connected.', 'tourniquet');
            case 'saved':
                return __('The settings are saved.', 'tourniquet');
            case 'undone':
                return __('The measure is undone.', 'tourniquet');
            case 'acknowledged':
                return __('The gateway acknowledged the test event.', 'tourniquet');
            case 'shipped':
                return __('All lines are shipped.', 'tourniquet');
            case 'baseline':
                return __('The baseline of code files is recorded.', 'tourniquet');
            case 'unacknowledged':
                return __('The test event is spooled, but the gateway has not acknowledged it yet. See "Last problem" below.', 'tourniquet');
            case 'invalid':
                return __('Nothing was saved: some values do not fit. See the messages beside the fields.', 'tourniquet');
            case 'not-allowed':
                return __('The policy of the security team does not allow to undo measures here.', 'tourniquet');
            case 'busy':
                return __('Another process is at it just now. Try again in a moment.', 'tourniquet');
            case 'bad-line':
                return __('This is no enrolment line. Paste the whole line that begins with "tq1."', 'tourniquet');
            case 'unreachable':
                return __('The gateway cannot be reached from this server. Check the line, the firewall and the address in it.', 'tourniquet');
            case 'refused':
                return __('The gateway refused the line: it may have been used before. Ask for a new one.', 'tourniquet');
            case 'not-enrolled':
                return __('The site could not be connected.', 'tourniquet');
            default:
                return '';
        }
    }
}
