<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\SigningKey;

/** Private halves of signing keys, a file each. What the chain's state does not name is erased. */
final class Seeds
{
    private string $directory;

    public function __construct(string $directory)
    {
        $this->directory = $directory;
    }

    public function keep(SigningKey $key): bool
    {
        return PrivateFile::replace($this->path($key->public()), $key->seed());
    }

    public function of(string $public): ?SigningKey
    {
        $seed = PrivateFile::read($this->path($public));
        $key = $seed !== null && strlen($seed) === 32 ? new SigningKey($seed) : null;
        return $key !== null && $key->public() === $public ? $key : null;
    }

    /** The one there is; null when there is none, or more than one. */
    public function only(): ?SigningKey
    {
        // Not the draft of one, which no name leads to.
        $paths = glob($this->directory . '/seed-' . str_repeat('[0-9a-f]', 16)) ?: [];
        $seed = count($paths) === 1 ? (string) PrivateFile::read($paths[0]) : '';
        return strlen($seed) === 32 ? new SigningKey($seed) : null;
    }

    public function eraseAllBut(string $public): void
    {
        foreach (glob($this->directory . '/seed-*') ?: [] as $path) {
            if ($path !== $this->path($public)) {
                PrivateFile::erase($path);
            }
        }
    }

    private function path(string $public): string
    {
        return $this->directory . '/seed-' . substr(hash('sha256', $public), 0, 16);
    }
}
