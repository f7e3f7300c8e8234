<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Classify\Findings;
use Tourniquet\Guarded;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/** Files that come in: kinds and sizes; of what a server or browser would run, its name and beginning, too. */
final class Uploads extends Watcher
{
    private const SAMPLE_BYTES = 4096;
    /** Endings that a server or a browser runs, also before another. */
    private const CODE = '/\.(?:php\d?|phtml|pht|phar|phps|inc|cgi|pl|py|sh|asp|aspx|jsp|exe|htaccess|user\.ini|svg|html?|xhtml|js|swf)(?:\.|$)/i';

    public function register(): void
    {
        Guarded::look('wp_handle_upload', fn($upload, $context) => $this->tell(is_array($upload) ? $upload : [], (string) $context), PHP_INT_MAX, 2);
    }

    /** @param array<string, mixed> $upload */
    private function tell(array $upload, string $context): void
    {
        $file = (string) ($upload['file'] ?? '');
        if ($file === '' || !is_file($file)) {
            return;
        }
        $name = basename($file);
        $start = (string) file_get_contents($file, false, null, 0, self::SAMPLE_BYTES);
        $findings = Findings::of(strpos($start, "\0") === false ? $start : (string) preg_replace('/[^\x20-\x7e]+/', "\n", $start));
        $holdsCode = preg_match('/<\?(?:php|=)|<script\b/i', $start) === 1;
        $isCode = $holdsCode || preg_match(self::CODE, $name) === 1;
        $isText = strpos($start, "\0") === false && preg_match('//u', substr($start, 0, -4)) === 1;
        $extension = strtolower(pathinfo($name, PATHINFO_EXTENSION));
        $fields = [
            // A name that a person gave can say whose file it is: it is told of code alone.
            'file.name' => $isCode ? Redactor::text($name) : null,
            'file.path' => $isCode ? Redactor::file($file) : null,
            'file.extension' => preg_match('/^[a-z0-9]{1,10}$/', $extension) === 1 ? $extension : null,
            'file.size' => (int) filesize($file),
            'file.mime_type' => preg_match('/^[a-z0-9.+\/-]{3,100}$/', (string) ($upload['type'] ?? '')) === 1 ? $upload['type'] : null,
            'wordpress.upload.public' => self::isPublic($file),
            'wordpress.upload.code' => $isCode ?: null,
            'wordpress.upload.sideload' => $context === 'sideload' ?: null,
            'wordpress.upload.sample' => $isCode && $isText && $findings->classes === [] && !$findings->isUnread ? CodeSample::of($name, $start) : null,
        ] + $findings->fields();
        if ($isCode) {
            $this->journal->urgent('file', 'file-uploaded', $fields, $findings->subjects());
            return;
        }
        $this->journal->record('file', 'file-uploaded', $fields, $findings->subjects());
    }

    /** Whether everybody can fetch it, as far as the way its folder is kept says so. */
    private static function isPublic(string $file): bool
    {
        $root = rtrim(wp_normalize_path(ABSPATH), '/') . '/';
        $content = rtrim(wp_normalize_path(WP_CONTENT_DIR), '/') . '/';
        $folder = wp_normalize_path(dirname($file)) . '/';
        if (strncmp($folder, $root, strlen($root)) !== 0 && strncmp($folder, $content, strlen($content)) !== 0) {
            return false;
        }
        for ($i = 0; $i < 6 && strlen($folder) >= min(strlen($content), strlen($root)); $i++, $folder = dirname($folder) . '/') {
            if (is_file($folder . '.htaccess') && preg_match('/^\s*(?:deny from all|require all denied)/mi', (string) file_get_contents($folder . '.htaccess', false, null, 0, 4096)) === 1) {
                return false;
            }
        }
        return true;
    }
}
