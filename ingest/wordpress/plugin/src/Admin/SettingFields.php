<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

/** Settings in people's words. */
final class SettingFields
{
    /** @return array<string, array{label: string, help: string}> in the order of the form */
    public static function all(): array
    {
        return [
            'containment' => [
                'label' => __('Containment', 'tourniquet'),
                'help' => __('Whether signed commands of the security team are carried out, or only logged. Begin with a dry run.', 'tourniquet'),
            ],
            'owner_undo' => [
                'label' => __('Measures may be undone on this page', 'tourniquet'),
                'help' => __('Each undo is logged. The security team can switch this off.', 'tourniquet'),
            ],
            'trusted_proxies' => [
                'label' => __('Trusted proxies', 'tourniquet'),
                'help' => __('Addresses or networks of your own proxies or CDN, one a line, like 192.0.2.0/24. Only these are believed when they say where a visitor comes from.', 'tourniquet'),
            ],
            'ai_policy' => [
                'label' => __('Calls to AI services', 'tourniquet'),
                'help' => __('Holds for every plugin that calls an AI service through WordPress, whatever its own settings say.', 'tourniquet'),
            ],
            'ai_local_endpoint' => [
                'label' => __('Local AI endpoint', 'tourniquet'),
                'help' => __('An OpenAI-compatible address, like http://127.0.0.1:11434/v1. "Local only" sends calls there; when this is empty, it refuses them.', 'tourniquet'),
            ],
            'ai_local_model' => [
                'label' => __('Local model', 'tourniquet'),
                'help' => __('The name of the model that the local endpoint is asked for, like llama3. Empty: the one that the AI plugin named.', 'tourniquet'),
            ],
            'ai_hosts' => [
                'label' => __('Further AI services', 'tourniquet'),
                'help' => __('Hosts that count as AI services besides the known ones, one a line.', 'tourniquet'),
            ],
            'ai_local_hosts' => [
                'label' => __('Local AI hosts', 'tourniquet'),
                'help' => __('Hosts that run your own models, one a line.', 'tourniquet'),
            ],
            'ai_revert_settings' => [
                'label' => __('Put changed settings of AI plugins back', 'tourniquet'),
                'help' => __('For example when a fallback to a cloud service is switched on again.', 'tourniquet'),
            ],
            'outbound_purposes' => [
                'label' => __('Known services', 'tourniquet'),
                'help' => __('What hosts are for, one a line, like api.example.com = payment. Purposes: payment, mail, sms, shipping, accounting, analytics, backup, ai, update.', 'tourniquet'),
            ],
            'region' => [
                'label' => __('Region', 'tourniquet'),
                'help' => __('Countries (two letters) or hosts that count as inside of the region your data must stay in, one a line.', 'tourniquet'),
            ],
            'browser_reports' => [
                'label' => __('Watch scripts on checkout, account and booking pages', 'tourniquet'),
                'help' => __('Adds a report-only security policy and a small script there. Visitors\' browsers then report to your gateway which scripts run.', 'tourniquet'),
            ],
            'browser_pages' => [
                'label' => __('Further pages to watch', 'tourniquet'),
                'help' => __('Paths, one a line, like /booking.', 'tourniquet'),
            ],
            'discover' => [
                'label' => __('Look for personal data at rest each night', 'tourniquet'),
                'help' => __('A slow scan of the database and of uploads. Only counts, kinds and places are kept.', 'tourniquet'),
            ],
            'shipping' => [
                'label' => __('Shipping', 'tourniquet'),
                'help' => __('Whether the plugin sends its lines itself, or leaves them to "tourniquet ship" or another shipper on this server.', 'tourniquet'),
            ],
            'own_heartbeat' => [
                'label' => __('Keep shipping when nobody visits the site', 'tourniquet'),
                'help' => __('A small request to itself each minute. Without it a cron job should call ship.php.', 'tourniquet'),
            ],
            'spool_directory' => [
                'label' => __('Spool directory', 'tourniquet'),
                'help' => __('An absolute path outside of the web root. Empty: the plugin finds one.', 'tourniquet'),
            ],
            'spool_mebibytes' => [
                'label' => __('Largest size of the spool, in MiB', 'tourniquet'),
                'help' => __('From 8. When the gateway cannot be reached for so long that the spool is full, newer lines are counted but not kept.', 'tourniquet'),
            ],
            'remove_spool' => [
                'label' => __('Delete the spool when the plugin is deleted', 'tourniquet'),
                'help' => __('Lines that were not shipped are lost then. Otherwise the spool stays where it is.', 'tourniquet'),
            ],
        ];
    }

    public static function choice(string $value): string
    {
        switch ($value) {
            case 'plugin':
                return __('By the plugin', 'tourniquet');
            case 'external':
                return __('By another shipper', 'tourniquet');
            case 'allow':
                return __('Allow, and log', 'tourniquet');
            case 'local-only':
                return __('Local only', 'tourniquet');
            case 'anonymise':
                return __('Anonymise personal data', 'tourniquet');
            case 'block':
                return __('Block', 'tourniquet');
            case 'dry-run':
                return __('Dry run: only log what would be done', 'tourniquet');
            default:
                return __('Carry out', 'tourniquet');
        }
    }

    /** `$problem`: a word of `SettingRules::problem`. */
    public static function problem(string $problem): string
    {
        switch ($problem) {
            case 'choice':
                return __('Choose one of the values.', 'tourniquet');
            case 'range':
                return __('Give a whole number from 8 to 1048576.', 'tourniquet');
            case 'directory':
                return __('Give an absolute path, without "..".', 'tourniquet');
            case 'directory-used':
                return __('This directory holds something else. Give an empty one, or one that is not there yet.', 'tourniquet');
            case 'directory-unwritable':
                return __('This directory is not there, and the web server cannot make it.', 'tourniquet');
            case 'endpoint':
                return __('Give an address that begins with http:// or https://, without user name and password.', 'tourniquet');
            case 'network':
                return __('Each line must be an address or network, like 192.0.2.7 or 192.0.2.0/24.', 'tourniquet');
            case 'region':
                return __('Each line must be a country in two capital letters, or a host.', 'tourniquet');
            case 'host':
                return __('Each line must be a host name or address, without http:// and path.', 'tourniquet');
            case 'path':
                return __('Each line must be a path that begins with a slash.', 'tourniquet');
            case 'purpose':
                return __('Each line must be a host, "=", and one of the purposes.', 'tourniquet');
            case 'too-many':
                return __('At most 200 lines.', 'tourniquet');
            default:
                return __('This value does not fit.', 'tourniquet');
        }
    }
}
