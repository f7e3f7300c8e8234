<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** The newest checkpoint that the gateway gave, as each block echoes it. */
final class Checkpoint
{
    /**
     * "size:root" of a signed note (C2SP tlog-checkpoint), or the same as it is; null when it is neither. The note's signature is
     * not checked: a site only repeats what it was told, and whoever compares the echoes finds two histories.
     *
     * @param mixed $note
     */
    public static function seen($note): ?string
    {
        if (!is_string($note)) {
            return null;
        }
        if (preg_match('/^[0-9]{1,15}:[A-Za-z0-9+\/]{43}=$/D', $note) === 1) {
            return $note;
        }
        $fits = preg_match('/^[^\n]+\n(0|[1-9][0-9]{0,14})\n([A-Za-z0-9+\/]{43}=)\n(?:[^\n]+\n)*\n(?:\xe2\x80\x94 [^\n]+\n)+$/D', $note, $found) === 1;
        return $fits && base64_encode((string) base64_decode($found[2], true)) === $found[2] ? "{$found[1]}:{$found[2]}" : null;
    }
}
