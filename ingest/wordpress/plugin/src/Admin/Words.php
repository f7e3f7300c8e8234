<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

/** Names of containment in people's words. */
final class Words
{
    public static function action(string $action): string
    {
        switch ($action) {
            case 'suspend-sessions':
                return __('Suspend account', 'tourniquet');
            case 'revoke-application-password':
                return __('Revoke application password', 'tourniquet');
            case 'revoke-api-key':
                return __('Revoke REST key', 'tourniquet');
            case 'disable-plugin':
                return __('Disable plugin', 'tourniquet');
            case 'block-route':
                return __('Block route', 'tourniquet');
            case 'block-address':
                return __('Block address', 'tourniquet');
            case 'block-host':
                return __('Block calls to', 'tourniquet');
            case 'exports-off':
                return __('Switch exports off', 'tourniquet');
            case 'capture-forensics':
                return __('Capture forensics', 'tourniquet');
            case 'undo':
                return __('Undo', 'tourniquet');
            case 'set-policy':
                return __('Set policy', 'tourniquet');
            default:
                return $action;
        }
    }

    public static function state(string $state): string
    {
        switch ($state) {
            case 'planned':
                return __('only planned', 'tourniquet');
            case 'applied':
                return __('carried out', 'tourniquet');
            case 'refused':
                return __('refused', 'tourniquet');
            case 'undone':
                return __('undone', 'tourniquet');
            case 'expired':
                return __('ended by its time limit', 'tourniquet');
            default:
                return __('not finished', 'tourniquet');
        }
    }
}
