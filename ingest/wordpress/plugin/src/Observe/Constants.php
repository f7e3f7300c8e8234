<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Memory;
use Tourniquet\Record\Journal;
use Tourniquet\Settings;
use Tourniquet\Watcher;

/** Constants of wp-config.php that open or close something, compared with those of the last page. */
final class Constants extends Watcher
{
    public const OPTION = 'tourniquet_constants';
    /** Beside the constants in the option: how often each was told lately, and what stands for all of them at once. */
    private const TOLD = '(told)';
    private const ALL = '(all)';
    private const MOST_AN_HOUR = 4;
    /** Told as `true` or `false`: whether they are set to anything. */
    private const SWITCHES = [
        'WP_DEBUG', 'WP_DEBUG_DISPLAY', 'WP_DEBUG_LOG', 'SCRIPT_DEBUG', 'SAVEQUERIES', 'DISALLOW_FILE_EDIT', 'DISALLOW_FILE_MODS',
        'DISALLOW_UNFILTERED_HTML', 'ALLOW_UNFILTERED_UPLOADS', 'FORCE_SSL_ADMIN', 'AUTOMATIC_UPDATER_DISABLED', 'WP_ALLOW_REPAIR', 'WP_ALLOW_MULTISITE',
        'DISABLE_WP_CRON', 'WP_HTTP_BLOCK_EXTERNAL', 'WP_DISABLE_FATAL_ERROR_HANDLER', 'WP_CACHE',
    ];
    /** Only that they changed is told. */
    private const VALUES = [
        'WP_HOME', 'WP_SITEURL', 'WP_CONTENT_DIR', 'WP_PLUGIN_DIR', 'UPLOADS', 'WP_AUTO_UPDATE_CORE', 'WP_ACCESSIBLE_HOSTS', 'WP_PROXY_HOST', 'COOKIE_DOMAIN',
        'DB_HOST', 'DB_NAME', 'DB_USER', 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT',
    ];

    /** `1` or `0` of switches, the text of others. @var array<string, string> */
    private array $values = [];
    /** @var array<string, string> likewise, with a hash of others */
    private array $now = [];

    public function __construct(Journal $journal, Settings $settings, Memory $memory)
    {
        parent::__construct($journal, $settings, $memory);
        // Before plugins that load later define some themselves.
        foreach (self::SWITCHES as $name) {
            $this->values[$name] = defined($name) && !in_array(constant($name), [false, null, '', 0, '0', 'false'], true) ? '1' : '0';
        }
        foreach (self::VALUES as $name) {
            $this->values[$name] = defined($name) && is_scalar(constant($name)) ? (string) constant($name) : '';
        }
    }

    public function register(): void
    {
        // The command line and cron often run with other constants than pages do.
        if (!wp_doing_cron() && !wp_doing_ajax() && PHP_SAPI !== 'cli' && !(defined('WP_CLI') && WP_CLI)) {
            Guarded::action('init', [$this, 'compare'], 0);
        }
    }

    public function compare(): void
    {
        if (!is_main_site()) {
            return;
        }
        $known = get_option(self::OPTION);
        $all = hash_hmac('sha256', implode("\n", $this->values), 'tourniquet constants');
        if (is_array($known) && ($known[self::ALL] ?? '') === $all) {
            return;
        }
        $this->now = self::hashed($this->values);
        if (!is_array($known) || array_diff_assoc($this->now, $known) === []) {
            update_option(self::OPTION, [self::ALL => $all] + $this->now + (is_array($known) ? $known : []), true);
            return;
        }
        $changed = $this->changes($known);
        if (($changed === [] && array_diff_key($this->now, $known) === []) || !$this->isFirst()) {
            return;
        }
        $told = self::counted($known, array_keys($changed));
        update_option(self::OPTION, [self::TOLD => $told] + $changed + array_intersect_key($known, $this->now) + $this->now, true);
        foreach ($changed as $name => $value) {
            $switch = in_array($name, self::SWITCHES, true);
            $this->journal->urgent('configuration', 'constant-changed', [
                'wordpress.constant.name' => $name,
                'wordpress.constant.old' => $switch ? $known[$name] === '1' : null,
                'wordpress.constant.new' => $switch ? $value === '1' : null,
                'wordpress.plugin.slug' => '',
                // Whoever opened this page did not do it.
                'user.name' => null,
                'user.id' => null,
                'user.roles' => null,
                'wordpress.session.hash' => null,
            ]);
        }
    }

    /**
     * Where a constant hangs on the request (the host that was asked for, the visitor's address, the web head), it changes with each page:
     * a few are told an hour, the rest is not even remembered.
     *
     * @param array<string, mixed> $known
     * @return array<string, string> by name, what is new
     */
    private function changes(array $known): array
    {
        // A name that this version of the plugin watches first has nothing to be compared with.
        return array_filter($this->now, static fn(string $value, string $name): bool => isset($known[$name]) && $known[$name] !== $value
            && (self::counted($known, [])['names'][$name] ?? 0) < self::MOST_AN_HOUR, ARRAY_FILTER_USE_BOTH);
    }

    /**
     * @param array<string, mixed> $known
     * @param list<string> $names told now
     * @return array{hour: int, names: array<string, int>} how often each was told this hour
     */
    private static function counted(array $known, array $names): array
    {
        $hour = intdiv(time(), 3600);
        $told = is_array($known[self::TOLD] ?? null) && ($known[self::TOLD]['hour'] ?? 0) === $hour ? $known[self::TOLD] : ['hour' => $hour, 'names' => []];
        foreach ($names as $name) {
            $told['names'][$name] = ($told['names'][$name] ?? 0) + 1;
        }
        return $told;
    }

    /** Of requests that see the same change at once one tells it. */
    private function isFirst(): bool
    {
        $lock = 'tourniquet_' . substr(hash('sha256', (string) wp_json_encode($this->now)), 0, 16);
        if (wp_using_ext_object_cache()) {
            return (bool) wp_cache_add($lock, 1, 'tourniquet', 60);
        }
        global $wpdb;
        // Held until this request's connection ends; a database without locks answers nothing.
        return (string) $wpdb->get_var($wpdb->prepare('SELECT GET_LOCK(%s, 0)', $lock)) !== '0';
    }

    /**
     * @param array<string, string> $values
     * @return array<string, string>
     */
    private static function hashed(array $values): array
    {
        foreach (self::VALUES as $name) {
            $values[$name] = substr(hash_hmac('sha256', $name . "\n" . $values[$name], 'tourniquet constants'), 0, 12);
        }
        return $values;
    }
}
