<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** Files that only their owner may read, replaced as a whole. Nothing here throws or warns. */
final class PrivateFile
{
    /** When it returns true the new bytes are there, also after a crash; until then the old ones are. */
    public static function replace(string $path, string $bytes): bool
    {
        // A name of its own: two processes that replace at once must not write one draft.
        $next = $path . '.' . bin2hex(random_bytes(4)) . '.next';
        $file = @fopen($next, 'wb');
        if ($file === false) {
            return false;
        }
        self::keepPrivate($next);
        $written = @fwrite($file, $bytes) === strlen($bytes) && @fflush($file) && self::sync($file);
        fclose($file);
        if (!$written || !@rename($next, $path)) {
            @unlink($next);
            return false;
        }
        return true;
    }

    public static function read(string $path): ?string
    {
        $bytes = @is_file($path) ? @file_get_contents($path) : false;
        return $bytes === false ? null : $bytes;
    }

    /** @return array<string, mixed>|null */
    public static function json(string $path): ?array
    {
        $value = json_decode((string) self::read($path), true);
        return is_array($value) ? $value : null;
    }

    /** Overwrites what stood there before the name goes. What the disk itself keeps of old blocks is beyond PHP. */
    public static function erase(string $path): void
    {
        $size = @filesize($path);
        $file = @fopen($path, 'r+b');
        if ($file !== false) {
            @fwrite($file, str_repeat("\0", max(0, (int) $size)));
            @fflush($file);
            self::sync($file);
            fclose($file);
        }
        @unlink($path);
    }

    /** Drafts of processes that were killed. */
    public static function eraseOldDrafts(string $directory): void
    {
        foreach (array_merge(glob($directory . '/*.next') ?: [], glob($directory . '/*/*.next') ?: []) as $path) {
            if (abs(time() - (int) @filemtime($path)) > 3600) {
                self::erase($path);
            }
        }
    }

    /** @param resource $file */
    public static function sync($file): bool
    {
        return !function_exists('fdatasync') || @fdatasync($file);
    }

    /** Also from a command line that runs as root: the web server has to write here later. */
    public static function keepPrivate(string $path): void
    {
        @chmod($path, is_dir($path) ? 0700 : 0600);
        if (function_exists('posix_geteuid') && posix_geteuid() === 0) {
            $owner = @fileowner(dirname($path));
            $group = @filegroup(dirname($path));
            $owner === false || @chown($path, $owner);
            $group === false || @chgrp($path, $group);
        }
    }

    /** @return resource|null held until the file is closed; null when somebody else holds it for longer */
    public static function lock(string $path, float $patienceSeconds)
    {
        $new = !is_file($path);
        $file = @fopen($path, 'c+b');
        if ($file === false) {
            return null;
        }
        if ($new) {
            self::keepPrivate($path);
        }
        $until = microtime(true) + $patienceSeconds;
        $wait = 200;
        // Not LOCK_EX alone: a process that hangs must not hang every page.
        while (!@flock($file, LOCK_EX | LOCK_NB, $isHeld)) {
            $left = $until - microtime(true);
            // A drive without locks says so at once.
            if ($isHeld !== 1 || $left <= 0 || $left > $patienceSeconds + 1) {
                fclose($file);
                return null;
            }
            usleep($wait);
            $wait = min(2 * $wait, 5000);
        }
        return $file;
    }
}
