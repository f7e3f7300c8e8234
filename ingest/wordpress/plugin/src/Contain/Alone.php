<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Guarded;
use Tourniquet\Spool\PrivateFile;

/** What changes measures and the ledger: one process at a time, and on what others left, not on what this one loaded when it began. */
final class Alone
{
    /** False when another process is at it just now. What fails is told, and thrown no further. */
    public static function run(string $directory, callable $do, float $patienceSeconds = 0.0): bool
    {
        $lock = PrivateFile::lock($directory . '/commands.lock', $patienceSeconds);
        if ($lock === null) {
            return false;
        }
        try {
            OwnOptions::forgetLoaded();
            $do();
            return true;
        } catch (\Throwable $failure) {
            Guarded::failed($failure);
            return false;
        } finally {
            fclose($lock);
        }
    }
}
