<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Integrity\Baseline;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/** The built-in editor of plugins and themes. WordPress tries an edit out and may take it back: what stays is told. */
final class FileEdits extends Watcher
{
    /** What is edited in this request: path, slug, theme or plugin, hash before. @var array{path: string, slug: string, kind: string, before: string}|null */
    private ?array $edit = null;

    public function register(): void
    {
        Guarded::action('wp_ajax_edit-theme-plugin-file', [$this, 'begin'], 0);
        foreach (['load-plugin-editor.php', 'load-theme-editor.php'] as $screen) {
            Guarded::action($screen, [$this, 'begin'], 0);
        }
    }

    public function begin(): void
    {
        // The nonce is WordPress' to check: whatever it does with the request, only a file that changed counts as edited.
        $asked = wp_unslash($_POST);
        if (!isset($asked['newcontent'], $asked['file']) || !is_string($asked['file']) || validate_file($asked['file']) !== 0) {
            return;
        }
        if (is_string($asked['plugin'] ?? null) && $asked['plugin'] !== '') {
            $path = WP_PLUGIN_DIR . '/' . $asked['file'];
            $slug = (string) preg_replace('/\.php$/', '', (string) strtok($asked['file'], '/'));
            $kind = 'plugin';
        } elseif (is_string($asked['theme'] ?? null) && validate_file($asked['theme']) === 0 && wp_get_theme($asked['theme'])->exists()) {
            $path = get_theme_root($asked['theme']) . '/' . $asked['theme'] . '/' . $asked['file'];
            $slug = 'theme:' . $asked['theme'];
            $kind = 'theme';
        } else {
            return;
        }
        $this->edit = ['path' => $path, 'slug' => $slug, 'kind' => $kind, 'before' => self::hash($path)];
        Guarded::action('shutdown', [$this, 'end'], 1000);
    }

    public function end(): void
    {
        if ($this->edit === null) {
            return;
        }
        $edit = $this->edit;
        $this->edit = null;
        $after = self::hash($edit['path']);
        $changed = $after !== $edit['before'];
        if ($changed) {
            Baseline::accept($edit['kind'] . ':' . ($edit['kind'] === 'theme' ? substr($edit['slug'], 6) : $edit['slug']), $edit['path']);
        }
        $this->journal->urgent('file', $edit['kind'] . '-file-edited', [
            'event.outcome' => $changed ? 'success' : 'failure',
            'wordpress.plugin.slug' => Redactor::text($edit['slug']),
            'file.path' => Redactor::file($edit['path']),
            'file.name' => Redactor::text(basename($edit['path'])),
            'file.extension' => strtolower(pathinfo($edit['path'], PATHINFO_EXTENSION)),
            'file.size' => is_file($edit['path']) ? (int) filesize($edit['path']) : null,
            'file.hash.sha256' => $after,
        ]);
    }

    private static function hash(string $path): string
    {
        clearstatcache(true, $path);
        return is_file($path) && is_readable($path) ? (string) hash_file('sha256', $path) : '';
    }
}
