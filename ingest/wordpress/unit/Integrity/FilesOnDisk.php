<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Integrity;

/** A directory of a test's own. */
final class FilesOnDisk
{
    public string $root;

    /** @param array<string, string> $files path to content */
    public function __construct(array $files = [])
    {
        $this->root = sys_get_temp_dir() . '/tq-unit-' . bin2hex(random_bytes(6));
        mkdir($this->root);
        foreach ($files as $path => $content) {
            $this->write($path, $content);
        }
    }

    public function write(string $path, string $content): void
    {
        $full = $this->root . '/' . $path;
        is_dir(dirname($full)) || mkdir(dirname($full), 0700, true);
        file_put_contents($full, $content);
    }

    public function remove(): void
    {
        $all = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($this->root, \FilesystemIterator::SKIP_DOTS), \RecursiveIteratorIterator::CHILD_FIRST);
        foreach ($all as $entry) {
            $entry->isDir() && !$entry->isLink() ? rmdir($entry->getPathname()) : unlink($entry->getPathname());
        }
        rmdir($this->root);
    }
}
