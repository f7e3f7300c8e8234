<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** Orders that somebody else fetched for WordPress: `tourniquet ship`, or the beat, which runs without it. */
final class Inbox
{
    private string $directory;

    public function __construct(string $directory)
    {
        $this->directory = $directory;
    }

    public function exists(): bool
    {
        return @is_dir($this->directory . '/inbox');
    }

    /** Each file is claimed by one process before it is carried out. @param callable(list<array<string, mixed>>): void $takeCommands */
    public function take(callable $takeCommands): void
    {
        foreach (glob($this->directory . '/inbox/*.json') ?: [] as $path) {
            $claimed = $path . '.' . bin2hex(random_bytes(4)) . '.taken';
            if (!@rename($path, $claimed)) {
                continue;
            }
            $orders = PrivateFile::json($claimed) ?? [];
            // Before it is carried out: what is lost so is fetched again, what was taken is refused as replayed.
            @unlink($claimed);
            (new Orders(Identity::at($this->directory), new ShippingState($this->directory)))->take($orders, $takeCommands);
        }
        @rmdir($this->directory . '/inbox');
    }

    /** @param list<array<string, mixed>> $commands */
    public function leave(array $commands): void
    {
        $inbox = $this->directory . '/inbox';
        if (is_dir($inbox) || @mkdir($inbox, 0700)) {
            PrivateFile::keepPrivate($inbox);
            PrivateFile::replace($inbox . '/beat.json', (string) json_encode(['commands' => $commands]));
        }
    }
}
