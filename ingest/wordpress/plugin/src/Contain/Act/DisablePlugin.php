<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Guard;
use Tourniquet\Contain\Hold;
use Tourniquet\Contain\Site;
use Tourniquet\Guarded;

/**
 * A plugin is switched off on every site that uses it, without running its own code, and cannot be switched on meanwhile. When
 * the site fails afterwards for want of it, it comes back by itself.
 */
final class DisablePlugin implements Act
{
    private const PROBATION_SECONDS = 600;
    private const MOST_SITES = 500;
    private const FATAL = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_RECOVERABLE_ERROR | E_USER_ERROR;
    /** What PHP says when something is missing. */
    private const MISSING = '/undefined (?:function|constant|method)|(?:class|interface|trait) "?[^"]+"? not found|failed opening required/i';

    private Site $site;
    /** Hooks of another instance must let it pass, too. */
    private static bool $isEnding = false;

    public function __construct(Site $site)
    {
        $this->site = $site;
    }

    public function kind(): string
    {
        return 'plugin';
    }

    public function named(string $target): string
    {
        return $target;
    }

    public function refusal(string $target): ?string
    {
        $refusal = Guard::plugin($target, $this->site->neededPlugins());
        if ($refusal !== null) {
            return $refusal;
        }
        $file = $this->file($target);
        return $file === null ? 'not-found' : ($this->isActiveAnywhere($file) ? null : 'not-active');
    }

    public function begin(string $target): array
    {
        $file = $this->file($target);
        if ($file === null) {
            throw new \RuntimeException('not-found');
        }
        $before = $this->homeStatus();
        $kept = ['file' => $file, 'since' => time(), 'network' => is_multisite() && is_plugin_active_for_network($file), 'sites' => []];
        foreach ($this->sites() as $id) {
            if ($this->at($id, static fn(): bool => in_array($file, (array) get_option('active_plugins', []), true))) {
                $kept['sites'][] = $id;
                $this->at($id, static fn() => deactivate_plugins([$file], true, false));
            }
        }
        if ($kept['network']) {
            deactivate_plugins([$file], true, true);
        }
        if ($before > 0 && $before < 500 && $this->homeStatus() >= 500) {
            $this->end($kept);
            throw new \RuntimeException('site-failed');
        }
        return $kept;
    }

    public function end(array $kept): void
    {
        $file = (string) $kept['file'];
        self::$isEnding = true;
        try {
            foreach ((array) $kept['sites'] as $id) {
                $this->at((int) $id, static function () use ($file): void {
                    $active = array_values(array_unique(array_merge((array) get_option('active_plugins', []), [$file])));
                    sort($active);
                    update_option('active_plugins', $active);
                });
            }
            if (!empty($kept['network'])) {
                update_site_option('active_sitewide_plugins', (array) get_site_option('active_sitewide_plugins', []) + [$file => time()]);
            }
        } finally {
            self::$isEnding = false;
        }
    }

    public function enforce(array $kept, Hold $hold): void
    {
        $file = (string) ($kept['file'] ?? '');
        Guarded::filter('map_meta_cap', static fn($caps, $cap = '', $user = 0, $arguments = []) => $cap === 'activate_plugin' && ($arguments[0] ?? '') === $file ? ['do_not_allow'] : $caps, PHP_INT_MAX, 4);
        Guarded::filter('pre_update_option_active_plugins', fn($active) => self::$isEnding || !is_array($active) ? $active : array_values(array_diff($active, [$file])), PHP_INT_MAX);
        Guarded::filter('pre_update_site_option_active_sitewide_plugins', fn($active) => self::$isEnding || !is_array($active) ? $active : array_diff_key($active, [$file => 1]), PHP_INT_MAX);
        if (abs(time() - (int) ($kept['since'] ?? 0)) < self::PROBATION_SECONDS) {
            Guarded::action('shutdown', static function () use ($file, $hold): void {
                $error = error_get_last();
                $isOther = strpos(wp_normalize_path((string) ($error['file'] ?? '')), '/plugins/' . strtok($file, '/') . '/') === false;
                if ($error !== null && ($error['type'] & self::FATAL) !== 0 && $isOther && preg_match(self::MISSING, $error['message']) === 1) {
                    $hold->giveUp('site-failed');
                }
            }, 0);
        }
    }

    /** The plugin's main file below the plugins' directory. */
    private function file(string $slug): ?string
    {
        require_once ABSPATH . 'wp-admin/includes/plugin.php';
        foreach (array_keys(get_plugins()) as $file) {
            if ((string) strtok((string) $file, '/') === $slug || (string) $file === $slug . '.php') {
                return (string) $file;
            }
        }
        return null;
    }

    private function isActiveAnywhere(string $file): bool
    {
        if (is_multisite() && is_plugin_active_for_network($file)) {
            return true;
        }
        foreach ($this->sites() as $id) {
            if ($this->at($id, static fn(): bool => in_array($file, (array) get_option('active_plugins', []), true))) {
                return true;
            }
        }
        return false;
    }

    /** @return list<int> */
    private function sites(): array
    {
        return is_multisite() ? array_map('intval', get_sites(['fields' => 'ids', 'number' => self::MOST_SITES])) : [get_current_blog_id()];
    }

    /** @return mixed what `$do` answers on that site */
    private function at(int $site, callable $do)
    {
        if (!is_multisite() || $site === get_current_blog_id()) {
            return $do();
        }
        switch_to_blog($site);
        try {
            return $do();
        } finally {
            restore_current_blog();
        }
    }

    /** What the home page answers; 0 when it cannot be asked from here. */
    private function homeStatus(): int
    {
        $answer = wp_remote_get(add_query_arg('tourniquet', bin2hex(random_bytes(4)), home_url('/')), ['timeout' => 8, 'redirection' => 0, 'sslverify' => false]);
        return is_wp_error($answer) ? 0 : (int) wp_remote_retrieve_response_code($answer);
    }
}
