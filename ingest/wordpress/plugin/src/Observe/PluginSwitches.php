<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Integrity\Package;
use Tourniquet\Integrity\SeenChanges;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Watcher;

/** Plugins switched on and off, and the theme in use: by the options WordPress keeps them in, so also where code writes these itself. */
final class PluginSwitches extends Watcher
{
    public function register(): void
    {
        Guarded::action('update_option_active_plugins', function ($before, $after): void {
            $this->compare(array_values((array) $before), array_values((array) $after), '');
        }, 10, 2);
        Guarded::action('update_option_stylesheet', function ($before, $after): void {
            $this->theme((string) $before, (string) $after);
        }, 10, 2);
        if (is_multisite()) {
            Guarded::action('update_site_option_active_sitewide_plugins', function ($option, $after, $before): void {
                $this->compare(array_keys((array) $before), array_keys((array) $after), 'network');
            }, 10, 3);
        }
    }

    /**
     * @param array<mixed> $before main files of plugins
     * @param array<mixed> $after
     */
    private function compare(array $before, array $after, string $scope): void
    {
        // The upgrader switches a plugin off while it replaces its files; that it is off afterwards shows in the inventory.
        $updating = doing_filter('upgrader_pre_install');
        foreach (['plugin-activated' => array_diff($after, $before), 'plugin-deactivated' => $updating ? [] : array_diff($before, $after)] as $action => $files) {
            foreach ($files as $file) {
                $slug = Package::slugOfPlugin((string) $file);
                SeenChanges::switched($slug);
                $this->journal->urgent('configuration', $action, [
                    'wordpress.plugin.slug' => $slug,
                    'wordpress.package.version' => Package::versionOfPlugin((string) $file),
                    'wordpress.option.scope' => $scope,
                    'wordpress.actor.plugin' => ActingPlugin::slug(),
                ]);
            }
        }
    }

    private function theme(string $before, string $after): void
    {
        SeenChanges::switched('theme:' . $before);
        SeenChanges::switched('theme:' . $after);
        $this->journal->urgent('configuration', 'theme-activated', [
            'wordpress.plugin.slug' => 'theme:' . $after,
            'wordpress.theme.slug' => $after,
            'wordpress.package.version' => Package::versionOfTheme($after),
            'wordpress.actor.plugin' => ActingPlugin::slug(),
        ]);
    }
}
