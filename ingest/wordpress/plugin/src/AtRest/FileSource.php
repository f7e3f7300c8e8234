<?php

declare(strict_types=1);

namespace Tourniquet\AtRest;

use Tourniquet\Classify\Content;
use Tourniquet\Record\Redactor;

/** Files below a directory: texts by their content, backups and archives by their names. Links are not followed. */
final class FileSource implements Source
{
    private const TEXTS = '/\.(?:csv|tsv|txt|log|json|ndjson|xml|sql|ini|env|ya?ml|bak|old|orig|vcf|eml)\z/i';
    private const BACKUPS = '/\.(?:sql|dump|wpress)(?:\.(?:gz|bz2|xz|zip))?\z|\.(?:bak|old|orig)\z|(?:backup|dump|export|database|migrat)[^\/]*\.(?:zip|tar|t?gz|bz2|xz|7z|rar)\z/i';
    private const WINDOW = 65536;
    private const WINDOWS = 4;
    private const ENTRIES = 2000;
    private const MOST_DIRECTORIES = 5000;

    private string $root;
    private bool $isDeep;
    private string $only;

    /** `$only`: a pattern that names of files have to match; empty for all. */
    public function __construct(string $root, bool $isDeep, string $only = '')
    {
        $this->root = rtrim(wp_normalize_path($root), '/');
        $this->isDeep = $isDeep;
        $this->only = $only;
    }

    public function name(): string
    {
        return Redactor::file($this->root . '/') . ($this->isDeep ? '/**' : '/*') . $this->only;
    }

    public function step(array $cursor, float $until, Findings $findings): ?array
    {
        $directories = $cursor['directories'] ?? [$this->root];
        $after = (string) ($cursor['after'] ?? '');
        while ($directories !== []) {
            $directory = (string) end($directories);
            $names = @scandir($directory) ?: [];
            $deeper = [];
            foreach ($names as $name) {
                $path = $directory . '/' . $name;
                if ($name === '.' || $name === '..' || is_link($path)) {
                    continue;
                }
                if (is_dir($path)) {
                    $deeper[] = $path;
                } elseif (strcmp($name, $after) > 0 && ($this->only === '' || preg_match($this->only, $name) === 1)) {
                    $this->look($path, $findings);
                    $after = $name;
                    if (microtime(true) >= $until) {
                        return ['directories' => $directories, 'after' => $after];
                    }
                }
            }
            array_pop($directories);
            $after = '';
            if ($this->isDeep && count($directories) + count($deeper) <= self::MOST_DIRECTORIES) {
                $directories = array_merge($directories, $deeper);
            }
        }
        return null;
    }

    private function look(string $path, Findings $findings): void
    {
        $classes = [];
        if (preg_match(self::BACKUPS, $path) === 1) {
            $classes['backup'] = 1;
        }
        if (preg_match('/\.zip\z/i', $path) === 1) {
            $classes += $this->inArchive($path);
        } elseif (preg_match(self::TEXTS, $path) === 1 || $this->only !== '') {
            $classes += $this->inText($path);
        }
        $extension = strtolower(pathinfo($path, PATHINFO_EXTENSION));
        $findings->add('file', Redactor::file(dirname($path) . '/*.' . $extension), $classes);
    }

    /** @return array<string, int> */
    private function inText(string $path): array
    {
        $handle = @fopen($path, 'rb');
        $classes = [];
        for ($i = 0; $handle !== false && $i < self::WINDOWS && !feof($handle); $i++) {
            foreach (Content::classes((string) fread($handle, self::WINDOW)) as $class => $count) {
                $classes[$class] = ($classes[$class] ?? 0) + $count;
            }
        }
        if ($handle !== false) {
            fclose($handle);
        }
        return $classes;
    }

    /** @return array<string, int> */
    private function inArchive(string $path): array
    {
        $archive = class_exists(\ZipArchive::class) ? new \ZipArchive() : null;
        if ($archive === null || $archive->open($path, \ZipArchive::RDONLY) !== true) {
            return [];
        }
        $backups = 0;
        for ($i = 0; $i < min(self::ENTRIES, $archive->numFiles); $i++) {
            $backups += preg_match('~\.(?:sql|csv|dump)\z|(?:^|/)wp-config\.php\z~i', (string) $archive->getNameIndex($i));
        }
        $archive->close();
        return $backups > 0 ? ['backup' => $backups] : [];
    }
}
