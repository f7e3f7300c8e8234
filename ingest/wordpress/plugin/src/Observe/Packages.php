<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Integrity\Package;
use Tourniquet\Integrity\SeenChanges;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Watcher;

/** Plugins, themes and WordPress itself installed, updated and deleted: by whom, from where, from which version to which. */
final class Packages extends Watcher
{
    /** Where the package that is handled right now comes from: `https://HOST/`, or `upload`. */
    private string $source = '';
    private string $versionBefore = '';
    /** Whether what is installed right now replaces something of its name. */
    private bool $replaces = false;

    public function register(): void
    {
        Guarded::look('upgrader_pre_download', function ($reply, $package = '', $upgrader = null, $extra = []): void {
            $this->source = self::sourceOf((string) $package);
            $this->replaces = false;
            $this->versionBefore = self::versionOf(is_array($extra) ? $extra : []);
        }, 0, 4);
        Guarded::look('upgrader_source_selection', function ($source, $remote = '', $upgrader = null, $extra = []): void {
            if (is_string($source) && ($extra['action'] ?? '') === 'install') {
                $name = basename($source);
                $isTheme = ($extra['type'] ?? '') === 'theme';
                $this->replaces = is_dir(($isTheme ? get_theme_root($name) : WP_PLUGIN_DIR) . '/' . $name);
                $this->versionBefore = $this->replaces ? ($isTheme ? Package::versionOfTheme($name) : Package::versionInDirectory($name)) : '';
            }
        }, PHP_INT_MAX, 4);
        Guarded::look('upgrader_pre_install', static function ($response, $extra = []): void {
            SeenChanges::begin(self::partOf(is_array($extra) ? $extra : [], ''));
        }, 0, 2);
        Guarded::look('upgrader_install_package_result', function ($result, $extra = []): void {
            $this->handled($result, is_array($extra) ? $extra : []);
        }, PHP_INT_MAX, 2);
        Guarded::action('_core_updated_successfully', function ($version): void {
            SeenChanges::begin('core');
            $this->tell('core-updated', 'core', (string) $version, (string) get_bloginfo('version'));
        }, 0);
        Guarded::action('deleted_plugin', function ($file, $deleted = true): void {
            $this->deleted('plugin-deleted', 'plugin:' . Package::slugOfPlugin((string) $file), (bool) $deleted);
        }, 10, 2);
        Guarded::action('deleted_theme', function ($name, $deleted = true): void {
            $this->deleted('theme-deleted', 'theme:' . (string) $name, (bool) $deleted);
        }, 10, 2);
    }

    /**
     * @param mixed $result of the upgrader: where the files went, or a WP_Error
     * @param array<string, mixed> $extra
     */
    private function handled($result, array $extra): void
    {
        if (isset($extra['language_update_type']) || ($extra['type'] ?? '') === 'translation' || ($extra['type'] ?? '') === 'core') {
            return;
        }
        $failed = is_wp_error($result) || $result === false || $result === null;
        $part = self::partOf($extra, is_array($result) ? (string) ($result['destination_name'] ?? '') : '');
        $isTheme = isset($extra['theme']) || ($extra['type'] ?? '') === 'theme';
        $isUpdate = isset($extra['plugin']) || isset($extra['theme']) || $this->replaces;
        if (!$failed) {
            SeenChanges::begin($part);
        }
        $version = '';
        if ($part !== '') {
            [$kind, $name] = explode(':', $part, 2);
            $version = $kind === 'theme' ? Package::versionOfTheme($name) : (isset($extra['plugin']) ? Package::versionOfPlugin((string) $extra['plugin']) : Package::versionInDirectory($name));
        }
        $this->tell(($isTheme ? 'theme' : 'plugin') . ($isUpdate ? '-updated' : '-installed'), $part, $version, $this->versionBefore, $failed);
        $this->versionBefore = '';
    }

    private function tell(string $action, string $part, string $version, string $before, bool $failed = false): void
    {
        $slug = strncmp($part, 'plugin:', 7) === 0 ? substr($part, 7) : $part;
        $this->journal->urgent('configuration', $action, [
            'event.outcome' => $failed ? 'failure' : 'success',
            'wordpress.plugin.slug' => $slug === '' ? 'unknown' : $slug,
            'wordpress.theme.slug' => strncmp($part, 'theme:', 6) === 0 ? substr($part, 6) : null,
            'wordpress.package.source' => $this->source,
            'wordpress.package.version' => $failed ? null : $version,
            'wordpress.package.version_before' => $before,
            'wordpress.actor.plugin' => ActingPlugin::slug(),
        ]);
    }

    private function deleted(string $action, string $part, bool $deleted): void
    {
        $this->source = '';
        if ($deleted) {
            SeenChanges::begin($part);
        }
        $this->tell($action, $part, '', '', !$deleted);
    }

    /** Without its path and query, which may hold licence keys. */
    private static function sourceOf(string $package): string
    {
        if (preg_match('#^https?://#i', $package) !== 1) {
            return 'upload';
        }
        $host = strtolower((string) wp_parse_url($package, PHP_URL_HOST));
        return strtolower((string) wp_parse_url($package, PHP_URL_SCHEME)) . '://' . (string) preg_replace('/[^a-z0-9.:\[\]-]/', '', $host) . '/';
    }

    /** @param array<string, mixed> $extra what the upgrader is asked to do */
    private static function partOf(array $extra, string $destination): string
    {
        if (isset($extra['plugin'])) {
            return 'plugin:' . Package::slugOfPlugin((string) $extra['plugin']);
        }
        if (isset($extra['theme'])) {
            return 'theme:' . (string) $extra['theme'];
        }
        return $destination === '' ? '' : (($extra['type'] ?? '') === 'theme' ? 'theme:' : 'plugin:') . $destination;
    }

    /** @param array<string, mixed> $extra */
    private static function versionOf(array $extra): string
    {
        if (isset($extra['plugin'])) {
            return Package::versionOfPlugin((string) $extra['plugin']);
        }
        return isset($extra['theme']) ? Package::versionOfTheme((string) $extra['theme']) : '';
    }
}
